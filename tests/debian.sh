# Sourced by the scripts that fetch something that is not simply installed: apt for one suite of the mirror that this machine uses already.
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# apt_for_suite FOLDER SUITE: keeps lists, archives and the sources list in FOLDER, and leaves what apt-get needs to use them in ${apt[@]}.
apt_for_suite() {
  local mirror
  mirror=$(apt-get indextargets --format '$(REPO_URI) $(ORIGIN) $(LABEL)' | awk '$2 == "Debian" && $3 == "Debian" && !found++ { print $1 }')
  [ -n "$mirror" ] || { echo "$0: no Debian mirror is configured for apt; nothing of $2 can be fetched" >&2; return 1; }
  mkdir -p "$1/lists/partial" "$1/archives/partial"
  printf '%s\n' "deb [signed-by=$keyring] $mirror $2 main" "deb-src [signed-by=$keyring] $mirror $2 main" > "$1/sources.list"
  apt=(apt-get -o "Dir::Etc::sourcelist=$1/sources.list" -o Dir::Etc::sourceparts=- -o "Dir::State::lists=$1/lists"
       -o "Dir::Cache::archives=$1/archives" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= -o APT::Sandbox::User=root
       -o Acquire::Check-Valid-Until=false)
  "${apt[@]}" update -qq
}
