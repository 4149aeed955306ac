{{- define "interlook.name" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "interlook.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "interlook.labels" -}}
{{ include "interlook.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "interlook.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "interlook.name" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- /* interlook.yml: the provider watches what there are rights for, unless told otherwise. */ -}}
{{- define "interlook.configuration" -}}
{{- $configuration := deepCopy .Values.config -}}
{{- with .Values.namespaces -}}
{{- $configuration = merge $configuration (dict "provider" (dict "kubernetes" (dict "namespaces" .))) -}}
{{- end -}}
{{- toYaml $configuration -}}
{{- end -}}

{{- /* The rights to Services, in all namespaces or in some. */ -}}
{{- define "interlook.rules" -}}
- apiGroups: [""]
  resources: [services]
  verbs: [get, list, watch]
- apiGroups: [discovery.k8s.io]
  resources: [endpointslices]
  verbs: [get, list, watch]
{{- if .Values.rbac.status }}
- apiGroups: [""]
  resources: [services/status]
  verbs: [patch]
{{- end }}
{{- if .Values.rbac.events }}
- apiGroups: [""]
  resources: [events]
  verbs: [create]
{{- end }}
{{- end -}}
