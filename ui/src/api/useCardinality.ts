import { useQuery } from "@tanstack/react-query";
import { get } from "./api";
import type { CardinalityReport } from "./types/cardinality";

/** How many series there are of what, and what was refused. */
export const useCardinality = (limit: number) =>
  useQuery({
    queryKey: ["cardinality", limit],
    queryFn: async ({ signal }) => (await get<{ data: CardinalityReport }>("/prometheus/api/vigie/v1/cardinality", { limit }, signal)).data,
    refetchInterval: 30_000,
  });
