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

/** What there is to choose from changes little; within this a moved range asks nothing anew. */
const bucketMs = 300_000;

/** A dashboard's variables, asked anew when the link chooses differently, and for a new range only where the dashboard says so. */
export function useVariables(uid: string, variables: readonly Variable[], params: URLSearchParams, range: AbsoluteRange) {
  const chosen = Object.fromEntries(
    variables.map((variable) => [variable.name, params.getAll(paramOf(variable)).filter((value) => value !== "")]),
  );
  const followsRange = variables.some((variable) => variable.refresh === 2);
  return useQuery({
    queryKey: ["variables", uid, chosen, followsRange && [Math.floor(range.fromMs / bucketMs), Math.floor(range.toMs / bucketMs)]],
    queryFn: ({ signal }) => resolveVariables(variables, chosen, (query) => ask(query, range, signal)),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
}
