using Microsoft.Playwright;
using Vigie.EndToEnd.Tests.Harness;

namespace Vigie.Browser.Tests;

/// <summary>A person signs in and opens the overview of the running platform, in Debian's Chromium.</summary>
public class OverviewDashboardTests
{
    const string Chromium = "/usr/bin/chromium";

    [Fact]
    public async Task SignIn_OpenVezaPlatformOverview_EveryPanelHasDrawnData()
    {
        Assert.SkipUnless(File.Exists(Chromium), $"{Chromium} is not installed");
        await using var veza = await VezaPlatform.StartAsync(8080, 8081, 8082);
        await using var server = await VigieServer.StartAsync([Path.Combine(Programs.Root, "examples/veza")], VigiePorts.Customary);
        await using var load = veza.Load("--rate", "30");
        await Wait.UntilAsync("the platform has been scraped for a while", 90,
            async () => (await server.QueryAsync("min(count_over_time(up{job=~\"veza-.*|node\"}[5m])) > 8")).Count > 0, () => server.Process.Output + load.Output);

        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Chromium,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        var page = await browser.NewPageAsync(new BrowserNewPageOptions { ViewportSize = new ViewportSize { Width = 1440, Height = 900 }, Locale = "en-GB" });
        page.SetDefaultTimeout(30_000);
        var errors = new List<string>();
        page.PageError += (_, error) => errors.Add(error);

        await page.GotoAsync(server.Web + "/");
        await page.GetByLabel("Username").FillAsync("admin");
        await page.GetByLabel("Password", new PageGetByLabelOptions { Exact = true }).FillAsync("admin");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign in" }).ClickAsync();
        await page.GetByLabel("Current password").FillAsync("admin");
        await page.GetByLabel("New password", new PageGetByLabelOptions { Exact = true }).FillAsync("a-long-enough-secret");
        await page.GetByLabel("Repeat new password").FillAsync("a-long-enough-secret");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Save password" }).ClickAsync();

        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Veza Platform Overview" }).First.ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Veza Platform Overview" })).ToBeVisibleAsync();
        var panels = page.Locator("[data-panel-state]");
        await Assertions.Expect(panels.First).ToBeVisibleAsync();
        await page.WaitForFunctionAsync("""
            () => {
              const panels = [...document.querySelectorAll('[data-panel-state]')];
              return panels.length > 5 && panels.every(panel => panel.dataset.panelState !== 'loading');
            }
            """);
        var states = await panels.EvaluateAllAsync<string[]>(
            "panels => panels.map(panel => `${panel.getAttribute('aria-label')}: ${panel.dataset.panelState} ${panel.dataset.seriesCount ?? ''}`)");
        Assert.All(states, state => Assert.Contains(": drawn", state));
        Assert.Empty(errors);

        string picture = Path.Combine(Programs.Root, "docs/images/veza-platform-overview.png");
        Directory.CreateDirectory(Path.GetDirectoryName(picture)!);
        if (Environment.GetEnvironmentVariable("VIGIE_KEEP_SCREENSHOTS") == "1")
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = picture, FullPage = true });

        await page.GotoAsync(server.Web + "/query?g0.expr=sum by (job) (up)&g0.trace=1");
        await Assertions.Expect(page.Locator("[data-trace] tbody tr").First).ToContainTextAsync("sum by (job) (up)");
        Assert.True(await page.Locator("[data-trace] tbody tr").CountAsync() >= 2);
        Assert.Empty(errors);
    }
}
