import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { seriesName } from "../lib/legend";
import { paramOf, resolveVariables } from "../lib/resolveVariables";
import type { AbsoluteRange } from "../lib/timeRange";
import type { VariableQuery } from "../lib/variables";
import { getPrometheus, queryPrometheus } from "./api";
import type { Variable } from "./types/dashboard";
import type { QueryResult } from "./types/prometheus";

async function ask(query: VariableQuery, range: AbsoluteRange, signal: AbortSignal): Promise<string[]> {
  const during = { start: Math.floor(range.fromMs / 1000), end: Math.ceil(range.toMs / 1000) };
  const matching = (selector: string) => ({ ...during, ...(selector && { "match[]": [selector] }) });
  switch (query.kind) {
    case "labelValues":
      return (await getPrometheus<string[]>(`label/${encodeURIComponent(query.label)}/values`, matching(query.selector), signal)).data;
    case "labelNames":
      return (await getPrometheus<string[]>("labels", matching(query.selector), signal)).data;
    case "metrics": {
      const pattern = new RegExp(query.pattern);
      return (await getPrometheus<string[]>("label/__name__/values", during, signal)).data.filter((name) => pattern.test(name));
    }
    case "queryResult": {
      const { data } = await queryPrometheus<QueryResult>("query", { query: query.expr, time: during.end }, signal);
      if (data.resultType === "vector")
        return data.result.map((row) => `${seriesName(row.metric)} ${row.value?.[1]} ${(row.value?.[0] ?? 0) * 1000}`);
      return data.resultType === "scalar" ? [data.result[1]] : [];
    }
    case "series":
      return (await getPrometheus<Record<string, string>[]>("series", matching(query.selector), signal)).data.map(seriesName);
  }
}

/** A dashboard's variables, asked anew when the link chooses differently or five minutes of the range have passed. */
export function useVariables(uid: string, variables: readonly Variable[], params: URLSearchParams, range: AbsoluteRange) {
  const chosen = Object.fromEntries(
    variables.map((variable) => [variable.name, params.getAll(paramOf(variable)).filter((value) => value !== "")]),
  );
  return useQuery({
    queryKey: ["variables", uid, chosen, Math.floor(range.fromMs / 300_000), Math.floor(range.toMs / 300_000)],
    queryFn: ({ signal }) => resolveVariables(variables, chosen, (query) => ask(query, range, signal)),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
}
