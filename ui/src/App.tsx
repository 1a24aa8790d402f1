import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { lazy, Suspense, useEffect } from "react";
import { whenSessionEnds } from "./api/api";
import { useUser } from "./api/useUser";
import { ErrorBoundary } from "./components/ErrorBoundary";
import { Busy, Message } from "./components/Message";
import { Shell } from "./components/Shell";
import { schemeManager } from "./lib/colorScheme";
import { LanguageProvider, useTexts } from "./lib/i18n";
import { Link, navigate, usePath } from "./lib/router";
import { ChangePasswordPage } from "./pages/signin/ChangePasswordPage";
import { SignInPage } from "./pages/signin/SignInPage";
import { theme } from "./theme";

const HomePage = lazy(() => import("./pages/home/HomePage"));
const DashboardPage = lazy(() => import("./pages/dashboard/DashboardPage"));
const QueryPage = lazy(() => import("./pages/query/QueryPage"));
const AlertsPage = lazy(() => import("./pages/alerts/AlertsPage"));
const TargetsPage = lazy(() => import("./pages/targets/TargetsPage"));
const CardinalityPage = lazy(() => import("./pages/cardinality/CardinalityPage"));
const StatusPage = lazy(() => import("./pages/status/StatusPage"));

const queryClient = new QueryClient({ defaultOptions: { queries: { refetchOnWindowFocus: false, retry: 1 } } });
whenSessionEnds(() => queryClient.setQueryData(["user"], null));

export function App() {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" colorSchemeManager={schemeManager}>
      <LanguageProvider>
        <QueryClientProvider client={queryClient}>
          <Gate />
        </QueryClientProvider>
      </LanguageProvider>
    </MantineProvider>
  );
}

/** Shows the pages to who is signed in, the way in to everybody else. The address stays, so that signing in leads where one wanted to go. */
function Gate() {
  const t = useTexts();
  const user = useUser();
  const path = usePath();
  useEffect(() => {
    if (user.data && !user.data.mustChangePassword && path === "/login") navigate("/", { replace: true });
  }, [user.data, path]);
  if (user.isPending) return <Busy />;
  if (user.isError)
    return <Message title={t.serverGone} text={user.error.message} action={{ label: t.tryAgain, run: () => user.refetch() }} />;
  if (user.data === null) return <SignInPage />;
  if (user.data.mustChangePassword) return <ChangePasswordPage user={user.data} />;
  return (
    <Shell user={user.data} path={path}>
      <ErrorBoundary key={path}>
        <Suspense fallback={<Busy />}>
          <Page path={path} />
        </Suspense>
      </ErrorBoundary>
    </Shell>
  );
}

function Page({ path }: { path: string }) {
  const t = useTexts();
  const [, first, second] = path.split("/");
  if (path === "/" || first === "dashboards" || first === "login") return <HomePage />;
  if (first === "d" && second) return <DashboardPage key={second} uid={decodeURIComponent(second)} />;
  if (first === "query" || first === "explore") return <QueryPage />;
  if (first === "alerts" || first === "alerting") return <AlertsPage />;
  if (first === "targets") return <TargetsPage />;
  if (first === "cardinality" || path === "/tsdb-status") return <CardinalityPage />;
  if (first === "status") return <StatusPage />;
  return (
    <Message title={t.pageMissing}>
      <Link href="/">{t.goHome}</Link>
    </Message>
  );
}
