import { useStatus } from "../../api/useStatus";
import { useTexts } from "../../lib/i18n";
import { Facts } from "./Facts";

export function Overview() {
  const t = useTexts();
  const build = useStatus("buildinfo");
  const runtime = useStatus("runtimeinfo");
  return (
    <div className="two">
      <Facts title={t.build} facts={build.data} error={build.error?.message} />
      <Facts title={t.runtime} facts={runtime.data} error={runtime.error?.message} />
    </div>
  );
}
