# Builds and packs Interlook. The two base images are Microsoft's .NET SDK, and the one with what a self-contained program needs. Their short
# names are resolved by whichever registry or mirror is configured; give full names where none is:
#   docker build --build-arg SDK_IMAGE=... --build-arg RUNTIME_IMAGE=... -t interlook .
ARG SDK_IMAGE=dotnet/sdk:10.0
ARG RUNTIME_IMAGE=dotnet/runtime-deps:10.0

FROM ${SDK_IMAGE} AS build
WORKDIR /source
COPY . .
RUN dotnet publish src/Interlook.Host -c Release -o /out

FROM ${RUNTIME_IMAGE}
COPY --from=build /out /opt/interlook
# State lives in the working folder: mount a volume there, and the configuration at /etc/interlook/interlook.yml.
# The number is the user 'app' of the runtime image; it needs the group of a mounted Docker socket (--group-add).
RUN mkdir -p /var/lib/interlook && chown 1654:1654 /var/lib/interlook
VOLUME /var/lib/interlook
WORKDIR /var/lib/interlook
USER 1654:1654
# To reach the API from outside of the container, set core.listenAddress: 0.0.0.0 and core.apiToken: the default listens inside alone.
EXPOSE 8080
STOPSIGNAL SIGTERM
ENTRYPOINT ["/opt/interlook/interlook"]
CMD ["run", "--conf", "/etc/interlook/interlook.yml"]
