// Starts `weft lsp` and hands the rest to the protocol's client: everything that is known of a program comes from there.
const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

let client;

async function start() {
  const [command, ...args] = vscode.workspace.getConfiguration("weft").get("command");
  client = new LanguageClient(
    "weft",
    "Weft",
    { command, args },
    {
      documentSelector: [{ scheme: "file", language: "weft" }],
      synchronize: { fileEvents: vscode.workspace.createFileSystemWatcher("**/*.weft") },
    },
  );
  try {
    await client.start();
  } catch (error) {
    vscode.window.showErrorMessage(`${command} could not be started: ${error.message}; the setting weft.command says what is`);
  }
}

exports.activate = async (context) => {
  context.subscriptions.push(
    vscode.commands.registerCommand("weft.restart", async () => {
      await client?.stop().catch(() => {});
      await start();
    }),
  );
  await start();
};

exports.deactivate = () => client?.stop();
