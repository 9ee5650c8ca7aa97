package streamsk8s_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"

	streamsk8s "github.com/getsentry/sentry-streams-k8s/go"
)

func Example() {
	ctx := context.Background()
	macro, err := streamsk8s.New(ctx)
	if err != nil {
		log.Fatal(err)
	}
	defer macro.Close(ctx)

	contextText, err := json.Marshal(map[string]any{
		"service_name":        "my-service",
		"pipeline_name":       "profiles",
		"pipeline_module":     "sbc/profiles.py",
		"segment_id":          0,
		"image_name":          "example.com/streams:1",
		"cpu_per_process":     1000,
		"memory_per_process":  512,
		"deployment_template": map[string]any{},
		"container_template":  map[string]any{},
		"pipeline_config":     map[string]any{"pipeline": map[string]any{"segments": []any{map[string]any{"steps_config": map[string]any{}}}}},
	})
	if err != nil {
		log.Fatal(err)
	}
	rendered, err := macro.Render(ctx, contextText)
	if err != nil {
		log.Fatal(err)
	}
	for _, manifest := range rendered.Manifests {
		fmt.Println(manifest.Kind, manifest.Name)
	}
	// Output:
	// Deployment my-service-pipeline-profiles-0
	// ConfigMap my-service-pipeline-profiles
}

func ExampleRefusedError() {
	ctx := context.Background()
	macro, err := streamsk8s.New(ctx)
	if err != nil {
		log.Fatal(err)
	}
	defer macro.Close(ctx)

	_, err = macro.Render(ctx, []byte("service_name: my-service"))
	var refused *streamsk8s.RefusedError
	if errors.As(err, &refused) {
		fmt.Println(refused.Problems[0].Code, refused.Problems[0].Path)
	}
	// Output: missing-field deployment_template
}
