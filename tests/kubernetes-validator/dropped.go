package main

import (
	"encoding/json"
	"fmt"
	"sort"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
)

var encoder = legacyscheme.Codecs.LegacyCodec(
	schema.GroupVersion{Group: "apps", Version: "v1"}, schema.GroupVersion{Version: "v1"},
)

// dropped lists what a text says and the object that was made of it does not keep: fields of features that are off.
func dropped(text []byte, object runtime.Object) []string {
	kept, err := runtime.Encode(encoder, object)
	if err != nil {
		return []string{err.Error()}
	}
	var given, left any
	if json.Unmarshal(text, &given) != nil || json.Unmarshal(kept, &left) != nil {
		return nil
	}
	var paths []string
	missing("", given, left, &paths)
	sort.Strings(paths)
	return paths
}

// missing adds the paths below a path that one value has and another has not.
func missing(path string, given, left any, paths *[]string) {
	switch given := given.(type) {
	case map[string]any:
		left, _ := left.(map[string]any)
		for key, value := range given {
			if path == "" && key == "status" {
				// Only a server sets it.
				continue
			}
			path := path + "." + key
			if has, ok := left[key]; ok {
				missing(path, value, has, paths)
			} else if !isEmpty(value) {
				*paths = append(*paths, path[1:])
			}
		}
	case string:
		// A server does not drop it, but sets it back.
		if strings.HasSuffix(path, ".procMount") && given != left {
			*paths = append(*paths, path[1:])
		}
	case []any:
		left, _ := left.([]any)
		for at, item := range given {
			if at < len(left) {
				missing(fmt.Sprintf("%s[%d]", path, at), item, left[at], paths)
			}
		}
	}
}

// isEmpty says whether a value is written as none.
func isEmpty(value any) bool {
	switch value := value.(type) {
	case nil:
		return true
	case bool:
		return !value
	case string:
		return value == ""
	case float64:
		return value == 0
	case map[string]any:
		return len(value) == 0
	case []any:
		return len(value) == 0
	}
	return false
}
