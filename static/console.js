/*
 * console.js - single keys for those who want them: the next row, the search,
 * the lists.  Each presses what stands on the page anyway; `?` shows the map.
 */
"use strict";
(() => {
	const ROWS = ".cases tbody tr, .items > .item, .found-list > li";
	const MAP = "/keys";
	const PATIENCE = 1500; // milliseconds between g and the key behind it

	let going = 0; // when g was pressed
	let dialog = null;

	const visible = element => element !== null && element.checkVisibility();
	const typing = target => target.isContentEditable
		|| target.closest("input, textarea, select, [role=textbox]") !== null;

	/* What of a row takes the focus: its link, the fold of a message, or the
	 * message itself. */
	const handle = row => {
		const part = row.querySelector(
			"th a[href], a.subject, .msg > summary, .msg > .go > a");
		if (part !== null)
			return part;
		row.tabIndex = -1;
		return row;
	};
	const rows = () => [...document.querySelectorAll(ROWS)].filter(visible);
	const here = list => list.findIndex(
		row => row.contains(document.activeElement));

	const step = by => {
		const list = rows();
		const at = here(list);
		const next = list[at < 0 ? (by > 0 ? 0 : list.length - 1) : at + by];
		if (next === undefined)
			return;
		handle(next).focus();
		next.scrollIntoView({ block: "nearest" });
	};
	const open = () => {
		const list = rows();
		const row = list[here(list)];
		if (row !== undefined)
			handle(row).click();
	};
	const focus = selector => {
		const target = document.querySelector(selector);
		if (!visible(target))
			return;
		target.focus();
		target.scrollIntoView({ block: "nearest" });
	};
	const follow = selector => {
		const link = document.querySelector(selector);
		if (link !== null)
			link.click();
	};

	/* The words are those of the page of the same address. */
	const map = async () => {
		if (dialog === null) {
			const answer = await fetch(MAP);
			if (!answer.ok || answer.redirected) {
				location.href = MAP;
				return;
			}
			const page = new DOMParser().parseFromString(
				await answer.text(), "text/html");
			dialog = document.createElement("dialog");
			const heading = page.querySelector("#keys-h");
			dialog.setAttribute("aria-labelledby", heading.id);
			const form = document.createElement("form");
			form.method = "dialog";
			const button = document.createElement("button");
			button.textContent = page.querySelector("#keys-map").dataset.close;
			form.append(button);
			dialog.append(heading, page.querySelector("#keys-map"), form);
			document.body.append(dialog);
		}
		if (!dialog.open)
			dialog.showModal();
	};

	const keys = {
		"?": map,
		"j": () => step(1),
		"k": () => step(-1),
		"o": open,
		"u": () => follow(".crumb a[href]"),
		"/": () => focus("#seek, #search-q"),
		"r": () => focus("#reply-text"),
		"n": () => focus("#next"),
		"a": () => focus("#assign-to"),
		"g": () => { going = Date.now(); },
	};

	document.addEventListener("keydown", event => {
		if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing
			|| event.defaultPrevented || typing(event.target)
			|| (dialog !== null && dialog.open))
			return;
		if (Date.now() - going < PATIENCE) {
			going = 0;
			const link = /^[a-z]$/.test(event.key)
				&& document.querySelector(`.menu a[data-key="${event.key}"]`);
			if (link) {
				event.preventDefault();
				link.click();
			}
			return;
		}
		if (!Object.hasOwn(keys, event.key))
			return;
		event.preventDefault();
		keys[event.key]();
	});
})();
