// Kubernetes-validator answers what an API server answers to the creation of a Deployment or a ConfigMap.
//
// It reads JSON lines {"id", "object"} and prints JSON lines {"id", "ok", "errors", "warnings", "dropped"}. Every step is
// Kubernetes' own code: strict decoding (what kubectl asks for since 1.25), defaulting, the strategy's preparation and
// validation. Features are on or off as the version has them, those aside that -feature-gates=NAME=true,… names.
//
// A question with a "patch" is about the Deployment that the patch makes of the object, by the library that
// `kubectl patch --local` calls; the answer's "patched" is that Deployment.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"

	appsv1 "k8s.io/api/apps/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/strategicpatch"
	genericrequest "k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/registry/rest"
	utilfeature "k8s.io/apiserver/pkg/util/feature"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	"k8s.io/kubernetes/pkg/apis/apps"
	_ "k8s.io/kubernetes/pkg/apis/apps/install"
	"k8s.io/kubernetes/pkg/apis/core"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	"k8s.io/kubernetes/pkg/capabilities"
	"k8s.io/kubernetes/pkg/registry/apps/deployment"
	"k8s.io/kubernetes/pkg/registry/core/configmap"
)

type question struct {
	ID     string          `json:"id"`
	Object json.RawMessage `json:"object"`
	// A strategic merge patch, if there is one.
	Patch json.RawMessage `json:"patch"`
}

type answer struct {
	ID     string   `json:"id"`
	OK     bool     `json:"ok"`
	Errors []string `json:"errors"`
	// What it says of an object that it takes.
	Warnings []string `json:"warnings"`
	// The paths of what it takes and does not keep.
	Dropped []string `json:"dropped"`
	// What a patch made of the object, if it could be applied.
	Patched json.RawMessage `json:"patched,omitempty"`
}

var decoder = serializer.NewCodecFactory(legacyscheme.Scheme, serializer.EnableStrict).UniversalDecoder()

func main() {
	// As most clusters are set up: privileged containers are a matter of admission.
	capabilities.Setup(true, 0)
	gates := flag.String("feature-gates", "", "features that are on or off: NAME=true,…")
	flag.Parse()
	if err := utilfeature.DefaultMutableFeatureGate.Set(*gates); err != nil {
		fmt.Fprintln(os.Stderr, "kubernetes-validator:", err)
		os.Exit(1)
	}
	input := bufio.NewReader(os.Stdin)
	output := bufio.NewWriter(os.Stdout)
	questions := json.NewDecoder(input)
	answers := json.NewEncoder(output)
	for questions.More() {
		var q question
		if err := questions.Decode(&q); err != nil {
			fmt.Fprintln(os.Stderr, "kubernetes-validator:", err)
			os.Exit(1)
		}
		if err := answers.Encode(reply(q)); err != nil {
			fmt.Fprintln(os.Stderr, "kubernetes-validator:", err)
			os.Exit(1)
		}
		if err := output.Flush(); err != nil {
			os.Exit(1)
		}
	}
}

func reply(q question) answer {
	object := q.Object
	if q.Patch != nil {
		var err error
		if object, err = patched(q.Object, q.Patch); err != nil {
			return answer{ID: q.ID, Errors: []string{"patch: " + err.Error()}}
		}
	}

	errors, warnings, dropped := create(object)
	reply := answer{ID: q.ID, OK: len(errors) == 0, Errors: errors, Warnings: warnings, Dropped: dropped}
	if q.Patch != nil {
		reply.Patched = object
	}
	return reply
}

// patched is what `kubectl patch --local` makes of a Deployment.
func patched(object, patch []byte) (result []byte, err error) {
	// The library panics on some directives that nobody writes.
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("panic: %v", cause)
		}
	}()
	return strategicpatch.StrategicMergePatch(object, patch, appsv1.Deployment{})
}

// create says why an API server would refuse the object, or of what it would warn and what it would not keep.
func create(text []byte) (errors, warnings, lost []string) {
	object, _, err := decoder.Decode(text, nil, nil)
	if err != nil {
		return []string{err.Error()}, nil, nil
	}
	var strategy rest.RESTCreateStrategy
	var group schema.GroupVersionKind
	switch object.(type) {
	case *apps.Deployment:
		strategy, group = deployment.Strategy, schema.GroupVersionKind{Group: "apps", Version: "v1", Kind: "Deployment"}
	case *core.ConfigMap:
		strategy, group = configmap.Strategy, schema.GroupVersionKind{Version: "v1", Kind: "ConfigMap"}
	default:
		return []string{fmt.Sprintf("not a Deployment or a ConfigMap: %T", object)}, nil, nil
	}
	if errors := reasons(strategy, group, object); len(errors) > 0 {
		return errors, nil, nil
	}
	return nil, strategy.WarningsOnCreate(context.Background(), object), dropped(text, object)
}

func reasons(strategy rest.RESTCreateStrategy, kind schema.GroupVersionKind, object runtime.Object) []string {
	accessor, err := meta.Accessor(object)
	if err != nil {
		return []string{err.Error()}
	}
	// A server takes the namespace of the request where the object names none.
	if accessor.GetNamespace() == "" {
		accessor.SetNamespace("default")
	}
	rest.FillObjectMetaSystemFields(accessor)
	ctx := genericrequest.WithRequestInfo(
		genericrequest.WithNamespace(context.Background(), accessor.GetNamespace()),
		&genericrequest.RequestInfo{APIGroup: kind.Group, APIVersion: kind.Version},
	)
	err = rest.BeforeCreate(strategy, ctx, object)
	if err == nil {
		return nil
	}
	status, ok := err.(apierrors.APIStatus)
	if !ok || status.Status().Details == nil || len(status.Status().Details.Causes) == 0 {
		return []string{err.Error()}
	}
	var errors []string
	for _, cause := range status.Status().Details.Causes {
		errors = append(errors, fmt.Sprintf("%s: %s", cause.Field, cause.Message))
	}
	return errors
}
