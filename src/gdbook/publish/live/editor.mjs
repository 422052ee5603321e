// The editor of a live cell: prism-code-editor, loaded when the first cell is opened.
// @ts-check
/** @typedef {{folder: string, modules: string[], sheet: string}} EditorFiles */

/** @type {Promise<any[]> | null} */
let loading = null;

/** @param {EditorFiles} files */
function load(files) {
  const place = (/** @type {string} */ name) => new URL(name, files.folder).href;
  const sheet = document.createElement("link");
  sheet.rel = "stylesheet";
  sheet.href = files.sheet;
  const styled = new Promise((resolve) => (sheet.onload = sheet.onerror = resolve));
  document.head.append(sheet);
  const modules = files.modules.map((name) => import(place(name)));
  return Promise.all([...modules, styled]);
}

/** Make an editor.
 * @param {EditorFiles} files @param {HTMLElement} holder
 * @param {{text: string, label: string, describedBy: string,
 *          changed: (text: string) => void}} options */
export async function makeEditor(files, holder, { text, label, describedBy, changed }) {
  try {
    const [{ createEditor }, { defaultCommands, editHistory }] = await (loading ??= load(files));
    const editor = createEditor(
      holder,
      { value: text, language: "python", tabSize: 4, insertSpaces: true },
      defaultCommands(),
      editHistory(),
    );
    editor.textarea.setAttribute("aria-label", label);
    editor.textarea.setAttribute("aria-describedby", describedBy);
    editor.on("update", changed);
    return editor;
  } catch (error) {
    loading = null; // a later click tries again
    throw error;
  }
}
