/** node-red-node-test-helper, set up with the Node-RED that the tests run against. Import it only from here. */
import helper from "node-red-node-test-helper";
import { nodeRedModule } from "./node-red-path.js";

helper.init(nodeRedModule);

export default helper;
