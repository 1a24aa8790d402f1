import { useQuery } from "@tanstack/react-query";
import { getPrometheus } from "./api";
import type { Targets } from "./types/prometheus";

export const useTargets = (refreshMs = 10_000) =>
  useQuery({
    queryKey: ["targets"],
    queryFn: async ({ signal }) => (await getPrometheus<Targets>("targets", {}, signal)).data,
    refetchInterval: refreshMs,
  });

/** Names of all scrape jobs, also of those without a target. */
export const useScrapePools = () =>
  useQuery({
    queryKey: ["scrapePools"],
    queryFn: async ({ signal }) => (await getPrometheus<{ scrapePools: string[] }>("scrape_pools", {}, signal)).data.scrapePools,
    retry: false,
  });
