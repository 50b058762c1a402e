// /var/lib/node-red/settings.js: a Node-RED that can be reached from this machine only, with a login.
// From elsewhere: ssh -L 1880:127.0.0.1:1880 house1
module.exports = {
  uiHost: "127.0.0.1",
  uiPort: 1880,
  flowFile: "flows.json",
  // Encrypts passwords and keys in the flows: any long text, which you must not lose.
  credentialSecret: "CREDENTIAL_SECRET",
  adminAuth: {
    type: "credentials",
    // node-red admin hash-pw
    users: [{ username: "admin", password: "HASHED_PASSWORD", permissions: "*" }],
  },
  // Reconnects a second after Mosquitto was restarted: readings in between are lost.
  mqttReconnectTime: 1000,
};
