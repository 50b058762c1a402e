/** node-red-node-test-helper, bound to the Node-RED that the tests run against. Import it from here only. */
import helper from "node-red-node-test-helper";
import { nodeRedModule } from "./node-red-path.js";

helper.init(nodeRedModule);

export default helper;
