// A cdk8s app with a consumer: `node main.js` writes dist/streams.k8s.yaml.
import { readFileSync } from "node:fs";
import { ApiObject, App, Chart } from "cdk8s";
import { Construct } from "constructs";
import { render } from "sentry-streams-k8s";

/** One consumer of a Sentry Streams pipeline. */
class StreamsConsumer extends Construct {
  constructor(scope, id, context) {
    super(scope, id);
    for (const [role, manifest] of Object.entries(render(context).manifests)) {
      new ApiObject(this, role, manifest);
    }
  }
}

const app = new App();
const chart = new Chart(app, "streams");
new StreamsConsumer(chart, "profiles", readFileSync(new URL("context.yaml", import.meta.url), "utf8"));
app.synth();
