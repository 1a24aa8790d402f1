import type { PrometheusConfig } from "@prometheus-io/codemirror-promql/dist/esm/client/prometheus";
import { prometheusBase, send } from "./api";

/** How the editor's completion asks for metrics and labels: through the same door as everything else. */
export const completionClient = (): PrometheusConfig => ({
  url: "",
  apiPrefix: prometheusBase,
  httpMethod: "GET",
  fetchFn: (input, init) => send(String(input), init),
});
