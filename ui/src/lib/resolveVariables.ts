import type { Variable } from "../api/types/dashboard";
import {
  allKey,
  applyRegex,
  fillQuery,
  type Option,
  parseVariableQuery,
  sortOptions,
  type VariableQuery,
  type VariableValue,
  type VariableValues,
} from "./variables";

/** A variable with what there is to choose from and what is chosen. */
export interface LiveVariable {
  variable: Variable;
  options: Option[];
  /** Values, or the one word for all. */
  chosen: string[];
  value: VariableValue;
  /** Why there are no options. */
  error: string | null;
}

/** A variable's parameter in the address, as in Grafana. */
export const paramOf = (variable: Variable): string => `var-${variable.name}`;

/**
 * Resolves variables in their order, so that a query may refer to those before it. What is chosen comes from the link, else from the
 * file if it still exists, else it is all or the first option.
 */
export async function resolveVariables(
  variables: readonly Variable[],
  chosenByLink: Readonly<Record<string, readonly string[]>>,
  ask: (query: VariableQuery) => Promise<string[]>,
): Promise<LiveVariable[]> {
  const values: Record<string, VariableValue> = {};
  const live: LiveVariable[] = [];
  for (const variable of variables) {
    let options: Option[] = [];
    let error: string | null = null;
    try {
      options = await optionsOf(variable, values, ask);
    } catch (problem) {
      error = problem instanceof Error ? problem.message : String(problem);
    }
    const chosen = choose(variable, options, chosenByLink[variable.name] ?? []);
    const value = valueFor(variable, options, chosen);
    values[variable.name] = value;
    live.push({ variable, options, chosen, value, error });
  }
  return live;
}

export const valuesOf = (live: readonly LiveVariable[]): VariableValues =>
  Object.fromEntries(live.map(({ variable, value }) => [variable.name, value]));

async function optionsOf(variable: Variable, values: VariableValues, ask: (query: VariableQuery) => Promise<string[]>): Promise<Option[]> {
  if (variable.type === "datasource") return [{ text: "Prometheus", value: "prometheus" }];
  if (variable.type !== "query") return variable.options.filter((option) => option.value !== allKey);
  const query = parseVariableQuery(fillQuery(variable.query, values));
  return query ? sortOptions(applyRegex(await ask(query), fillQuery(variable.regex, values)), variable.sort) : [];
}

function choose(variable: Variable, options: readonly Option[], byLink: readonly string[]): string[] {
  if (variable.type === "datasource") return ["prometheus"];
  const first = variable.includeAll ? [allKey] : options.slice(0, 1).map((option) => option.value);
  const wanted = byLink.length > 0 ? byLink : variable.current.map((option) => option.value);
  if (wanted.includes(allKey) || (wanted.includes("All") && variable.includeAll)) return first;
  if (byLink.length > 0 || variable.type !== "query") return wanted.length > 0 ? [...wanted] : first;
  const there = wanted.filter((value) => options.some((option) => option.value === value));
  return there.length > 0 ? there : first;
}

function valueFor(variable: Variable, options: readonly Option[], chosen: readonly string[]): VariableValue {
  if (chosen.includes(allKey)) {
    const all = { values: options.map((option) => option.value), text: "All", isList: true };
    return variable.allValue === undefined ? all : { ...all, allValue: variable.allValue };
  }
  const text = chosen.map((value) => options.find((option) => option.value === value)?.text ?? value).join(" + ");
  return { values: [...chosen], text, isList: variable.multi || variable.includeAll };
}
