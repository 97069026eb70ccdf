{{- define "kidspetite.labels" -}}
app.kubernetes.io/name: kidspetite
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- /* Takes: (list . "web"). What selects the pods of one part. */ -}}
{{- define "kidspetite.selector" -}}
app.kubernetes.io/name: kidspetite
app.kubernetes.io/instance: {{ (index . 0).Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{- define "kidspetite.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- define "kidspetite.mediaClaim" -}}
{{ .Values.media.existingClaim | default (printf "%s-media" .Release.Name) }}
{{- end }}

{{- /* What every pod is: nobody in particular, with a root that is not written to. */ -}}
{{- define "kidspetite.pod" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  seccompProfile:
    type: RuntimeDefault
{{- with .Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "kidspetite.container" -}}
image: {{ include "kidspetite.image" . | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy | default "IfNotPresent" }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
envFrom:
  - secretRef:
      name: {{ .Values.secretName | quote }}
env:
  {{- range $name, $value := .Values.env }}
  - name: {{ $name }}
    value: {{ $value | quote }}
  {{- end }}
  {{- if .Values.media.volume }}
  - name: MEDIA_ROOT
    value: /media
  {{- end }}
{{- end }}

{{- define "kidspetite.mounts" -}}
volumeMounts:
  - name: tmp
    mountPath: /tmp
  {{- if .Values.media.volume }}
  - name: media
    mountPath: /media
  {{- end }}
{{- end }}

{{- define "kidspetite.volumes" -}}
volumes:
  - name: tmp
    emptyDir: {}
  {{- if .Values.media.volume }}
  - name: media
    persistentVolumeClaim:
      claimName: {{ include "kidspetite.mediaClaim" . }}
  {{- end }}
{{- end }}

{{- /* Takes: (list . "web"). Not all pods of a part on one machine, where there are several. */ -}}
{{- define "kidspetite.spread" -}}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "kidspetite.selector" . | nindent 8 }}
{{- end }}
