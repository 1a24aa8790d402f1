import type { Panel } from "../../../api/types/dashboard";
import type { PanelData } from "../panelData";

/** What every drawing of a panel gets: it has data, the frame around it says everything else. */
export interface PanelProps {
  panel: Panel;
  data: PanelData;
  /** Charts of one dashboard share their cursor under this key. */
  syncKey?: string;
  onZoom?: (fromMs: number, toMs: number) => void;
}
