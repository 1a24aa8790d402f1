"""./versus longrun: full rate with churn for many minutes; does memory stay flat?"""
import json, os, shutil, statistics, subprocess, time
from . import proc, scenarios

EVERY_S = 10


def run(ctx, minutes):
    """All systems scrape the same churning targets; resident memory every ten seconds. Returns {system: figures and the curve}."""
    o, n = ctx.opt, ctx.opt["targets"]
    base = proc.free_block(n + 1)
    ctlp = base + n
    ex = proc.spawn([ctx.tool("exporter"), f"--base-port={base}", f"--control-port={ctlp}", f"--targets={n}", f"--series={o['series']}",
                     f"--interval-ms={o['interval_ms']}", f"--gzip={int(o['gzip'])}"], None, stdout=subprocess.PIPE)
    out, live = {}, []
    try:
        ex.stdout.readline()
        scenarios.ctl(ctlp, f"/churn?share={o['churn_share']}&every={o['churn_every']}")
        for s in ctx.systems:
            d = ctx.dir(s.name, "longrun")
            cfg = os.path.join(d, "prometheus.yml")
            scenarios.scrape_config(cfg, s.name, base, n, o["interval_ms"])
            try:
                s.start(cfg, os.path.join(d, "data"))
                live.append(s)
            except RuntimeError as e:
                out[s.name] = {"failed": str(e)}
        _watch(ctx, live, minutes * 60, ctlp, out)
    finally:
        for s in live:
            if s.alive():
                s.kill9()
            shutil.rmtree(os.path.join(ctx.work, s.name, "longrun", "data"), ignore_errors=True)
        ex.kill()
        ex.wait()
    return out


def _watch(ctx, live, seconds, ctlp, out):
    curves = {s.name: [] for s in live}
    cpu = {s.name: proc.cpu_s(s.pid) for s in live}
    start, at, told = time.monotonic(), 0.0, 0
    while at < seconds and any(s.alive() for s in live):
        time.sleep(min(EVERY_S, seconds - at))
        at = time.monotonic() - start
        for s in live:
            if s.alive():
                curves[s.name].append((round(at), proc.status(s.pid)["VmRSS"] / 2**20))
        if at - told >= 60:
            told = at
            scenarios.say("  %4d s: " % at + ", ".join(f"{name} {c[-1][1]:.0f} MiB" for name, c in curves.items() if c))
    served = json.loads(scenarios.ctl(ctlp, "/stats"))["who"]
    for s in live:
        c = curves[s.name]
        if not s.alive():
            out[s.name] = {"failed": f"ended after {c[-1][0] if c else 0} s: {s.tail()}", "curve": c}
            continue
        third = max(1, len(c) // 3)
        middle, last = (statistics.median(v for _, v in part) for part in (c[third:2 * third] or c, c[-third:]))
        samples = served.get(s.name, {}).get("samples", 0)
        out[s.name] = dict(minutes=at / 60, samples=samples, rss_middle_third_mib=middle, rss_last_third_mib=last, rss_growth_ratio=last / middle,
                           rss_max_mib=max(v for _, v in c), peak_mib=proc.status(s.pid)["VmHWM"] / 2**20,
                           cpu_s_per_msample=(proc.cpu_s(s.pid) - cpu[s.name]) / max(samples, 1) * 1e6, disk_mib=proc.du(s.data)[1] / 2**20, curve=c)
        scenarios._tell("longrun", s.name, out[s.name], ("rss_middle_third_mib", "rss_last_third_mib", "rss_growth_ratio", "rss_max_mib", "cpu_s_per_msample"))
