import { example } from "./browser.js";

export const small = example("small.yaml");

export const wrong = example("wrong.yaml");

/** The full example with the patch of an incident, and what it is compared with. */
export const patched = {
  context: `${example("full.yaml")}emergency_patch: |\n${example("patches/incident.yaml").replace(/^(?=.)/gm, "  ")}`,
  pinned: example("full.yaml"),
};

const range = (length, make) => Array.from({ length }, (_, number) => make(number)).join("");

/** Ten sidecars, fifty variables, two hundred steps: about 50 KB, as in bench/contexts.py. */
export const large = `service_name: my-service
pipeline_name: profiles
pipeline_module: sbc/profiles.py
image_name: registry.example/consumer:1.0
segment_id: 0
cpu_per_process: 1000
memory_per_process: 512
replicas: 3
with_canary: true
deployment_template:
  metadata: {namespace: default, labels: {component: consumer}}
  spec:
    template:
      spec:
        nodeSelector: {class: general}
        containers:
${range(
  10,
  (number) => `        - name: sidecar-${number}
          image: registry.example/sidecar-${number}:1.0
          args:
${range(20, (flag) => `          - --flag-${flag}=value-${flag}\n`)}          env:
${range(20, (variable) => `          - {name: VARIABLE_${variable}, value: value ${variable}}\n`)}          resources:
            requests: {cpu: 10m, memory: 32Mi}
            limits: {memory: 64Mi}
`,
)}container_template:
  env:
${range(50, (number) => `  - {name: SETTING_${number}, value: value ${number}}\n`)}pipeline_config:
  env: {}
  pipeline:
    segments:
    - steps_config:
${range(
  200,
  (number) => `        step_${number}:
          bootstrap_servers: ["kafka-${number}.example:9092"]
          parallelism: {threads: {count: 2}}
          override_params: {queue.buffering.max.ms: "100"}
`,
)}`;
