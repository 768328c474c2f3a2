// What the pages need beyond HTML and htmx. No framework, no build step; every hook is in static/css/README.md.
import "./prefs.js";
import "./dialogs.js";
import "./toasts.js";
import "./combobox.js";
import "./tabs.js";
import "./forms.js";
import "./uploads.js";
import "./lists.js";
import "./cards.js";
import "./board.js";
import "./calendar.js";
import "./lock.js";
import "./keys.js";
import "./forget.js";
import "./position.js";
