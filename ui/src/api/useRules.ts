import { useQuery } from "@tanstack/react-query";
import { getPrometheus } from "./api";
import type { RuleGroup } from "./types/prometheus";

export const useRules = (refreshMs = 10_000) =>
  useQuery({
    queryKey: ["rules"],
    queryFn: async ({ signal }) => (await getPrometheus<{ groups: RuleGroup[] }>("rules", {}, signal)).data.groups,
    refetchInterval: refreshMs,
  });
