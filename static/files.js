/*
 * files.js - says at once that a file is too large, and moves files up and down.
 * Without it the office says the same once they are sent, and the order is
 * typed.
 */
"use strict";
(() => {
	const size = n => `${(n / 1e6).toFixed(n < 1e6 ? 2 : 1)} MB`;

	/* What was chosen, and what of it will not be taken. */
	const tell = (box, input, place) => {
		const files = [...input.files], words = box.dataset;
		const sum = files.reduce((n, file) => n + file.size, 0);
		const lines = files.map(file => `${file.name} (${size(file.size)})` +
			(file.size > Number(words.fileMost) ? ` - ${words.tooLarge}` : ""));
		if (sum > Number(words.formMost))
			lines.push(words.tooMuch);
		if (files.length > Number(words.filesMost))
			lines.push(words.tooMany);
		place.replaceChildren(...lines.map(line => {
			const one = document.createElement("span");
			one.textContent = line;
			return one;
		}));
	};

	/* The places as the list stands now. */
	const count = list => [...list.children].forEach((one, i) => {
		one.querySelector("input[inputmode]").value = i + 1;
	});

	const mover = (list, one, word, move) => {
		const button = document.createElement("button");
		button.type = "button";
		button.textContent = word;
		button.setAttribute("aria-label",
			`${word}: ${one.querySelector("bdi").textContent}`);
		button.addEventListener("click", () => {
			move(one);
			count(list);
			button.focus();
		});
		return button;
	};

	for (const box of document.querySelectorAll("fieldset.uploads")) {
		const input = box.querySelector("input[type=file]");
		const place = box.querySelector(".chosen");
		const list = box.querySelector("ol.brought");
		input.addEventListener("change", () => tell(box, input, place));
		for (const one of list ? list.children : [])
			one.querySelector(".line").append(
				mover(list, one, box.dataset.up,
					it => it.previousElementSibling?.before(it)),
				mover(list, one, box.dataset.down,
					it => it.nextElementSibling?.after(it)));
	}
})();
