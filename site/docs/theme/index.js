// VitePress' own look, where its greys are too faint to be read.
import theme from "vitepress/theme";
import "./style.css";

export default theme;
