// Every page loads this; each module finds what it cares for by data attributes and does nothing where there is none.
import './times.js';
import './menus.js';
import './forms.js';
import './live.js';
import './connection.js';
import './room.js';
import './read.js';
import './composer.js';
import './actions.js';
import './seen.js';
import './dialog.js';
import './typing.js';
import './conversations.js';
import './presence.js';
import './changed.js';
import './people.js';
