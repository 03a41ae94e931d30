/*
 * write.js - checks a letter while it is written and puts ready-made texts in
 * where the cursor stands.  Without it the same buttons do the same.
 */
"use strict";
(() => {
	const PAUSE = 1000; // milliseconds without a key, then one question
	const STAY = 60000; // milliseconds between two words that one is here
	let changed = false;

	const post = (form, part) => fetch(`${form.dataset.check}?part=${part}`,
		{ method: "POST", body: new URLSearchParams(new FormData(form)) });

	/* What the rules say, beside the text.  One question at a time. */
	const checker = (form, panel) => {
		let timer, asking = false, again = false, shown = "";
		const show = html => {
			if (html === shown)
				return; // nothing new to read out
			shown = html;
			const page = new DOMParser().parseFromString(html, "text/html");
			panel.replaceChildren(...page.body.childNodes);
		};
		const ask = async () => {
			again = asking;
			if (asking)
				return;
			asking = true;
			try {
				const answer = await post(form, "findings");
				if (answer.ok)
					show(await answer.text());
				else if (answer.status !== 429)
					panel.textContent = form.dataset.lost;
			} catch {
				panel.textContent = form.dataset.lost;
			}
			asking = false;
			if (again)
				ask();
		};
		return () => {
			clearTimeout(timer);
			timer = setTimeout(ask, PAUSE);
		};
	};

	/* The words of the text chosen; null: they cannot be had now. */
	const fetchPiece = async (form, panel) => {
		try {
			const answer = await post(form, "piece");
			if (answer.ok)
				return await answer.text();
		} catch {
			// said below
		}
		panel.textContent = form.dataset.lost;
		return null;
	};

	/* As a paragraph of its own, at the cursor. */
	const insert = (text, piece) => {
		const before = text.value.slice(0, text.selectionStart).trimEnd();
		const after = text.value.slice(text.selectionEnd).trimStart();
		const put = (before && "\n\n") + piece;
		text.setRangeText(put + (after && "\n\n"), before.length,
			text.value.length - after.length, "end");
		text.selectionStart = text.selectionEnd = before.length + put.length;
		text.focus();
		text.dispatchEvent(new Event("input", { bubbles: true }));
	};

	for (const form of document.querySelectorAll("form[data-check]")) {
		const panel = form.querySelector("[aria-live]");
		const later = checker(form, panel);
		const select = form.elements.piece;
		const show = form.querySelector("button.show");

		form.addEventListener("input", event => {
			changed = true;
			if (event.target !== select)
				later();
		});
		form.addEventListener("submit", event => {
			const wants = event.submitter && event.submitter.value === "insert";
			if (wants && select && select.value) {
				event.preventDefault();
				fetchPiece(form, panel).then(piece => {
					if (piece === null)
						return;
					insert(form.elements.text, piece);
					select.value = "";
				});
			} else if (!event.submitter || !event.submitter.formTarget) {
				changed = false;
			}
		});
		panel.addEventListener("click", event => {
			const link = event.target.closest("a[data-at]");
			const field = link && form.querySelector(link.hash);
			if (!field || !field.setSelectionRange || field.type === "date")
				return;
			event.preventDefault();
			const at = Number(link.dataset.at);
			field.setSelectionRange(at, at + Number(link.dataset.length));
			field.focus();
		});
		if (show)
			form.requestSubmit(show);
	}

	/* Whoever writes still has the case open: its colleagues are told. */
	for (const form of document.querySelectorAll("form[data-stay]")) {
		let told = Date.now();

		form.addEventListener("input", () => {
			if (Date.now() - told < STAY)
				return;
			told = Date.now();
			fetch(form.dataset.stay + "?part=here", { method: "POST",
				body: new URLSearchParams({ csrf: form.elements.csrf.value,
					verb: form.dataset.verb }) }).catch(() => {});
		});
	}

	/* What was typed and not sent stands in this page and nowhere else. */
	window.addEventListener("beforeunload", event => {
		if (changed)
			event.preventDefault();
	});
})();
