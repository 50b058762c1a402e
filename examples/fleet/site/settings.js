// /var/lib/node-red/settings.js: a Node-RED that is reached from this machine only, and asks who you are.
// From elsewhere: ssh -L 1880:127.0.0.1:1880 house1
module.exports = {
  uiHost: "127.0.0.1",
  uiPort: 1880,
  flowFile: "flows.json",
  // Encrypts passwords and keys in the flows: any long text, to be kept.
  credentialSecret: "CREDENTIAL_SECRET",
  adminAuth: {
    type: "credentials",
    // node-red admin hash-pw
    users: [{ username: "admin", password: "HASHED_PASSWORD", permissions: "*" }],
  },
  // Back after a second when Mosquitto was restarted: what is read meanwhile is not kept.
  mqttReconnectTime: 1000,
};
