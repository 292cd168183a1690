import { describePaths } from "../support/paths-suite";
import { startRealJaeger } from "./real-jaeger";

describePaths("many traces of a real Jaeger", startRealJaeger);
