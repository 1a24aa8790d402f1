/** The few styles beyond Mantine's, in this order. */
import "./base.css";
import "./shell.css";
import "./dashboard.css";
import "./chart.css";
import "./values.css";
import "./tables.css";
import "./text.css";
import "./home.css";
import "./pages.css";
