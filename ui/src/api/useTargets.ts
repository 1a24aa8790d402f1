import { useQuery } from "@tanstack/react-query";
import { getPrometheus } from "./api";
import type { Targets } from "./types/prometheus";

export const useTargets = (refreshMs = 10_000) =>
  useQuery({
    queryKey: ["targets"],
    queryFn: async ({ signal }) => (await getPrometheus<Targets>("targets", {}, signal)).data,
    refetchInterval: refreshMs,
  });
