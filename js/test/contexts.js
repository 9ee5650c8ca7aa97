/** A context with the required fields only. */
export const minimal = {
  service_name: "my-service",
  pipeline_name: "profiles",
  pipeline_module: "sbc/profiles.py",
  segment_id: 0,
  image_name: "example.com/streams:1",
  cpu_per_process: 1000,
  memory_per_process: 512,
  deployment_template: {},
  container_template: {},
  pipeline_config: {
    env: {},
    pipeline: { segments: [{ steps_config: { myinput: { starts_segment: true } } }] },
  },
};

export const canary = { ...minimal, replicas: 3, with_canary: true };
