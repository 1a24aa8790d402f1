/** The one door to the server. Components never fetch; hooks in this folder do, through here. */

export const prometheusBase = "/prometheus/api/v1";
export const alertmanagerBase = "/alertmanager/api/v2";

export class ApiError extends Error {
  constructor(
    /** HTTP status; 0 if the server could not be reached. */
    readonly status: number,
    message: string,
    /** Prometheus' kind of error, such as bad_data. */
    readonly kind: string = "",
  ) {
    super(message);
  }
}

type Params = Record<string, string | number | boolean | readonly string[] | null | undefined>;

export function toSearch(params: Params): URLSearchParams {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (value === null || value === undefined) continue;
    if (Array.isArray(value)) for (const one of value) search.append(name, one);
    else search.append(name, String(value));
  }
  return search;
}

/** Told when the server answers that nobody is signed in, or that the first password must be changed. */
let onSessionEnd: () => void = () => {};
export const whenSessionEnds = (listener: () => void): void => {
  onSessionEnd = listener;
};

export async function send(path: string, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { credentials: "same-origin", ...init, headers: { Accept: "application/json", ...init.headers } });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError(0, "The server cannot be reached");
  }
  if (response.status === 401 && path !== "/login") onSessionEnd();
  return response;
}

async function read<T>(response: Response): Promise<T> {
  const text = await response.text();
  let body: unknown;
  try {
    body = text ? JSON.parse(text) : null;
  } catch {
    throw new ApiError(response.status, text.slice(0, 300) || response.statusText);
  }
  if (response.ok) return body as T;
  const { error, errorType, message } = (typeof body === "object" && body !== null ? body : {}) as Record<string, string | undefined>;
  throw new ApiError(response.status, error ?? message ?? (typeof body === "string" ? body : `HTTP ${response.status}`), errorType);
}

/** GET of a JSON answer. */
export async function get<T>(path: string, params: Params = {}, signal?: AbortSignal): Promise<T> {
  const search = toSearch(params).toString();
  return read<T>(await send(path + (search ? `?${search}` : ""), { signal }));
}

/** POST, PUT or DELETE with a JSON body. */
export async function change<T>(method: string, path: string, body?: unknown): Promise<T> {
  return read<T>(
    await send(path, {
      method,
      headers: { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    }),
  );
}

/** Where a query's time and data went, part by part. */
export interface QueryTrace {
  duration_msec: number;
  message: string;
  series: number;
  samples: number;
  bytes: number;
  children?: QueryTrace[];
}

export interface Answer<T> {
  data: T;
  warnings: string[];
  infos: string[];
  /** Of a query that asked for it. */
  trace: QueryTrace | null;
}

interface Envelope<T> {
  status: "success" | "error";
  data: T;
  warnings?: string[];
  infos?: string[];
  trace?: QueryTrace | null;
}

const unwrap = <T>({ data, warnings = [], infos = [], trace = null }: Envelope<T>): Answer<T> => ({ data, warnings, infos, trace });

/** GET of the Prometheus API. */
export const getPrometheus = async <T>(path: string, params: Params = {}, signal?: AbortSignal): Promise<Answer<T>> =>
  unwrap(await get<Envelope<T>>(`${prometheusBase}/${path}`, params, signal));

/** POST of a form, for queries: they may be longer than an address. */
export async function queryPrometheus<T>(path: string, params: Params, signal?: AbortSignal): Promise<Answer<T>> {
  return unwrap(await read<Envelope<T>>(await send(`${prometheusBase}/${path}`, { method: "POST", body: toSearch(params), signal })));
}
