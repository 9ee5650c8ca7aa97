package streamsk8s

import "strings"

// minimalContext has the required fields only.
const minimalContext = `{
  "service_name": "my-service",
  "pipeline_name": "profiles",
  "pipeline_module": "sbc/profiles.py",
  "segment_id": 0,
  "image_name": "example.com/streams:1",
  "cpu_per_process": 1000,
  "memory_per_process": 512,
  "deployment_template": {},
  "container_template": {},
  "pipeline_config": {
    "env": {},
    "pipeline": {"segments": [{"steps_config": {"myinput": {"starts_segment": true}}}]}
  }
}`

// canaryContext asks for a canary.
var canaryContext = strings.Replace(minimalContext, "{", `{"replicas": 3, "with_canary": true,`, 1)
