{{- /* A Pod that puts addresses on the interfaces of its node: name, arguments, grace. */ -}}
{{- define "interlook.externalip.atLinks" -}}
automountServiceAccountToken: true
hostNetwork: true
dnsPolicy: ClusterFirstWithHostNet
terminationGracePeriodSeconds: {{ .grace }}
{{- with .root.Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  seccompProfile:
    type: RuntimeDefault
containers:
  - name: {{ .name }}
    image: "{{ .root.Values.image.repository }}:{{ default .root.Chart.AppVersion .root.Values.image.tag }}"
    imagePullPolicy: {{ .root.Values.image.pullPolicy }}
    args:
      {{- toYaml .arguments | nindent 6 }}
    env:
      - {name: DOTNET_EnableDiagnostics, value: "0"}
      - name: NODE_NAME
        valueFrom:
          fieldRef: {fieldPath: spec.nodeName}
    resources:
      {{- toYaml .root.Values.externalIp.resources | nindent 6 }}
    # No probes: it answers nobody, and ends by itself when it cannot work. What it owes in time it keeps by a clock of its own, and one that is
    # restarted takes its addresses away first.
    securityContext:
      # Capabilities that are added reach only root.
      runAsUser: 0
      allowPrivilegeEscalation: false
      readOnlyRootFilesystem: true
      capabilities:
        drop: [ALL]
        add: [NET_ADMIN, NET_RAW]
    volumeMounts:
      - {name: journal, mountPath: /run/interlook}
      - {name: tmp, mountPath: /tmp}
volumes:
  # Which addresses are ours, where the kernel is too old to say so: as lasting as the addresses are.
  - name: journal
    hostPath: {path: /run/interlook, type: DirectoryOrCreate}
  - name: tmp
    emptyDir: {}
{{- end -}}

{{- /* Where it may run. */ -}}
{{- define "interlook.externalip.places" -}}
{{- with .Values.externalIp.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.externalIp.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- /* A binding of a role to an account: kind, role, account. A Role is that of the leader lease. */ -}}
{{- define "interlook.externalip.binding" -}}
apiVersion: rbac.authorization.k8s.io/v1
kind: {{ .kind }}Binding
metadata:
  name: {{ .role }}
  {{- if eq .kind "Role" }}
  namespace: kube-system
  {{- end }}
  labels:
    {{- include "interlook.labels" .root | nindent 4 }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: {{ .kind }}
  name: {{ .role }}
subjects:
  - kind: ServiceAccount
    name: {{ .account }}
    namespace: {{ .root.Release.Namespace }}
{{- end -}}
