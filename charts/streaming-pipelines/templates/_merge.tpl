{{/*
streaming-pipelines.merge (list BELOW ABOVE): ABOVE laid over BELOW, as JSON. Helm's own mergeOverwrite takes false, 0 and "" of ABOVE for
absent.
*/}}
{{- define "streaming-pipelines.merge" -}}
{{- $merged := deepCopy (first .) -}}
{{- range $key, $value := last . -}}
{{- $below := get $merged $key -}}
{{- if kindIs "invalid" $value -}}
{{- $_ := unset $merged $key -}}
{{- else if and (kindIs "map" $value) (kindIs "map" $below) -}}
{{- $_ := set $merged $key (include "streaming-pipelines.merge" (list $below $value) | fromJson) -}}
{{- else -}}
{{- $_ := set $merged $key $value -}}
{{- end -}}
{{- end -}}
{{- toJson $merged -}}
{{- end -}}
