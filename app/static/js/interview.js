/* The guided interview: shows one question at a time, saves each as it is typed, and says truly whether it is saved. */

import { Drafts } from "./interview-drafts.js";
import { Clock, minutes } from "./interview-clock.js";
import { showKept } from "./interview-kept.js";
import { listenToKeys } from "./interview-keys.js";
import { keepPage } from "./interview-offline.js";
import { listenToPanels } from "./interview-panels.js";
import { Question } from "./interview-question.js";
import { Queue } from "./interview-queue.js";
import { beside, follow, isAsked } from "./interview-route.js";
import { listenToOthers } from "./interview-together.js";
import { Wire } from "./interview-wire.js";
import { SHUT_WORDS, clock, saidOf, showBy, showConflict, showProblem, stateOf } from "./interview-words.js";

const KEYS_OFF = "parallax-number-keys-off";
const LEAVING_MS = 25000;
const WRITTEN = "textarea, input[type=search], input[type=date], input:not([type])";

const page = document.querySelector(".iv-page");
const find = (selector) => page.querySelector(selector);
const forms = [...page.querySelectorAll("form[data-question]")];
const links = [...page.querySelectorAll("a[data-section]")];
const status = find("[data-save]");
const statusWords = find("[data-save-words]");
const statusSaid = find("[data-save-said]");
const signedOut = find("[data-signed-out]");
const elsewhere = find("[data-elsewhere]");
const conflictPanel = find("[data-conflict-panel]");

const gate = {
  isShut: false,
  reason: "",
  savedAt: statusWords.dataset.savedAt ?? null,
  shut(reason) {
    Object.assign(gate, { isShut: true, reason });
    show();
  },
};
const wire = new Wire(page.dataset);
const clocked = new Clock(page, forms, wire);
const queue = new Queue(gate);
let questions = [];
let current = forms.find((form) => !form.hidden);
let isLeaving = false;

const drafts = new Drafts(page.dataset.user, page.dataset.interview);
drafts.about = find(".iv-who h1").textContent.trim();
let orphans = [];
const taken = new Set();
const left = [drafts.standing(), drafts.own()];
start();
await goOn();
await takeOver();
listenToOthers({ page, wire, gate, questions: () => questions });
keepPage(page);

/* Nothing here waits: what is typed while a page loads is as safe as what is typed later. */
function start() {
  const shared = { drafts, wire, queue, gate, changed: show };
  questions = forms.map((form) => new Question(form, shared));
  questions.forEach(listen);
  listenToPage();
  turnToAddress();
  if (gate.savedAt) statusWords.textContent = `Saved ${clock(gate.savedAt)}`;
  find("[data-keys-switch]").hidden = false;
  keysSwitch().checked = !remembers(KEYS_OFF);
  listenToPanels(page, forms, turnTo);
  clocked.start(showTimes);
  clocked.turn(current, false);
  show();
}

/* What this window left off with. A page may be older than what was confirmed since: a copy that this device kept, or one
   that was served amid a save. */
async function goOn() {
  const [standing, own] = await Promise.all(left);
  for (const { slot, revision, content } of standing) {
    const question = questionAt(slot);
    if (question && question.revision < revision && !question.sending) question.catchUp(revision, content);
  }
  for (const entry of own) questionAt(entry.slot)?.restore(entry);
  const restored = new Set(own.map((entry) => entry.slot));
  for (const question of questions) if (question.isUnsent && !restored.has(question.slot)) question.touched(true);
  page.dataset.ready = "";
  show();
}

/* The text of windows that are gone is taken over. Nothing goes out before that, so that what was typed first goes first. */
async function takeOver() {
  await lookForOrphans();
  queue.open();
  page.dataset.settled = "";
  show();
}

async function lookForOrphans() {
  orphans = (await drafts.orphans()).filter((entry) => !taken.has(nameOf(entry)));
  takeOrphans();
  show();
}

/* What was typed since this page was opened comes after the entry, in the same save. Anything else that is not sent yet
   stays as it is, and the entry waits until it is sent. */
function takeOrphans() {
  for (const entry of orphans) {
    const question = questionAt(entry.slot);
    const isLater = queue.isHeld && !question?.sending && entry.typedAt < question?.typedAt;
    if (!question || (question.isUnsent && !isLater)) continue;
    orphans = orphans.filter((each) => each !== entry);
    taken.add(nameOf(entry));
    question.restore(entry);
  }
}

function listen(question) {
  const { form } = question;
  let wasDone = question.isDone;
  form.addEventListener("input", (event) => {
    const { target } = event;
    const isAnswer = target.name === "value" || target.name.startsWith("place/");
    if (isAnswer && target.type !== "radio") clearAbsence(form);
    if (isAnswer && !wasDone && question.isDone) form.elements.later.checked = false;
    question.touched(!target.matches(WRITTEN));
  });
  form.addEventListener("change", () => {
    clocked.edited(form, wasDone, question.isDone);
    wasDone = question.isDone;
  });
  form.addEventListener("focusout", (event) => {
    if (event.target.matches(WRITTEN) && question.isUnsent) question.send();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const where = event.submitter?.value ?? "next";
    if (where === "later") {
      form.elements.later.checked = true;
      question.touched(true);
    }
    question.send();
    go(where);
  });
}

function listenToPage() {
  for (const link of links) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      turnTo(new URL(link.href).searchParams.get("q"));
    });
  }
  for (const link of page.querySelectorAll("a[data-leave]")) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      leave(link.href);
    });
  }
  for (const form of page.querySelectorAll("form[data-leave-form]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      leaveBy(() => form.submit());
    });
  }
  page.addEventListener("branches", (event) => {
    follow(page, forms, event.detail);
    show();
  });
  find("[data-clock-switch]")?.addEventListener("click", switchClock);
  find("[data-try-again]").addEventListener("click", tryAgain);
  keysSwitch().addEventListener("change", () => remember(KEYS_OFF, !keysSwitch().checked));
  listenToKeys(page, {
    shown: () => current,
    areOn: () => keysSwitch().checked,
    go: (where) => {
      questionOf(current).send();
      go(where);
    },
    openNext,
    announce,
  });
  addEventListener("popstate", () => reveal(new URLSearchParams(location.search).get("q") ?? forms.find(isAsked).dataset.question));
  addEventListener("online", () => queue.wake());
  addEventListener("offline", show);
  addEventListener("beforeunload", (event) => {
    if (questions.some((question) => question.isUnsent && !question.isKept)) event.preventDefault();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      questions.forEach((question) => question.send());
      return;
    }
    if (gate.isShut) tryAgain();
    else queue.wake();
    lookForOrphans();
  });
}

/* ---- from question to question ---- */

function go(where) {
  const next = beside(forms, current, where === "back" ? -1 : 1);
  if (next) turnTo(next.dataset.question, false);
  else if (where !== "back") leave(page.dataset.reviewUrl);
}

/* To the next question that is open or to come back to, from here on and then from the start. */
function openNext() {
  const here = forms.indexOf(current) + 1;
  const waiting = [...forms.slice(here), ...forms.slice(0, here)]
    .filter((form) => isAsked(form) && form !== current)
    .map(questionOf)
    .find((question) => !question.isDone || question.isLater);
  if (waiting) turnTo(waiting.key);
  else announce("No other question is open.");
  return true;
}

function turnTo(key, isJump = true) {
  history.pushState(null, "", addressOf(key));
  reveal(key, isJump);
}

function reveal(key, isJump = true) {
  const next = forms.find((form) => form.dataset.question === key);
  if (!next) return;
  questionOf(current).send();
  current.hidden = true;
  current = next;
  current.hidden = false;
  clocked.turn(current, isJump);
  find("main").scrollTop = 0;
  current.querySelector(".where").focus();
  show();
}

/* The address names the question in view, also where the page is the copy that this device kept. */
function turnToAddress() {
  const named = forms.find((form) => form.dataset.question === new URLSearchParams(location.search).get("q"));
  if (!named || named === current) return;
  current.hidden = true;
  current = named;
  current.hidden = false;
}

function leave(address) {
  return leaveBy(() => location.assign(address));
}

/** Goes to another page once everything is sent, or is safe on this device; without network there is none to go to.

    A slow line is no reason to leave anything behind: a save that gets no answer ends by itself, as the server being away. */
async function leaveBy(goOn) {
  if (isLeaving) return;
  isLeaving = true;
  questions.forEach((question) => question.send());
  let waiting = countUnsent();
  let deadline = Date.now() + LEAVING_MS;
  while (waiting > 0 && Date.now() < deadline && !isStuck()) {
    await new Promise((wake) => setTimeout(wake, 50));
    const left = countUnsent();
    if (left < waiting) deadline = Date.now() + LEAVING_MS;
    waiting = left;
  }
  isLeaving = false;
  find("[data-away]").hidden = isOnline();
  if (isOnline()) goOn();
}

function countUnsent() {
  return questions.filter((question) => question.isUnsent).length;
}

function isStuck() {
  return gate.isShut || !isOnline() || questions.some(({ conflict, problem, isBroken }) => conflict || problem || isBroken);
}

function isOnline() {
  return navigator.onLine && !queue.isAway;
}

async function tryAgain() {
  const state = await wire.renew();
  if (state === "unreached") {
    find("[data-signed-out-words]").textContent = "The server does not answer. What you typed is kept; try again in a moment.";
    return;
  }
  if (state !== "renewed") {
    gate.shut(state);
    return;
  }
  gate.isShut = false;
  questions.forEach((question) => question.again());
  queue.wake();
  keepPage(page);
  show();
}

/* Words in the answer are an answer, so a reason why there is none no longer holds. */
function clearAbsence(form) {
  const none = form.querySelector("input[name=absence][value='']");
  if (none && questionOf(form).content().value.trim()) none.checked = true;
}

function switchClock() {
  clocked.stop(!clocked.isStopped);
  find("[data-clock-switch]").setAttribute("aria-pressed", String(clocked.isStopped));
  announce(clocked.isStopped ? "The clock stands still." : "The clock goes on.");
}

function announce(words) {
  find("[data-announce]").textContent = words;
}

/* ---- what the page shows ---- */

function show() {
  if (questions.length === 0) return;
  const state = stateOf(questions, gate, queue);
  if (statusWords.textContent !== state.words) statusWords.textContent = state.words;
  const said = saidOf(state);
  if (said && statusSaid.textContent !== said) statusSaid.textContent = said;
  status.dataset.is = state.is;
  status.classList.toggle("save-local", state.is === "unsaved" || state.is === "device");
  if (isOnline()) find("[data-away]").hidden = true;
  takeOrphans();
  signedOut.hidden = !gate.isShut;
  find("[data-signed-out-words]").textContent = gate.isShut ? SHUT_WORDS[gate.reason] : "";
  questions.forEach((question) => {
    showConflict(question, conflictPanel);
    showProblem(question);
    showBy(question);
  });
  showKept(find("[data-kept]"), [...questions.filter((question) => question.problem).map(entryOf), ...strangers()]);
  showElsewhere();
  showProgress();
}

/* Trouble at a question that is not in view says so, with the way there. */
function showElsewhere() {
  const troubled = questions.find((question) => (question.conflict || question.problem) && question.form !== current);
  elsewhere.hidden = !troubled;
  const name = troubled?.key ?? "";
  if (elsewhere.dataset.about === name) return;
  elsewhere.dataset.about = name;
  if (!troubled) return;
  const link = document.createElement("a");
  link.href = addressOf(name);
  link.textContent = troubled.title;
  link.addEventListener("click", (event) => {
    event.preventDefault();
    turnTo(name);
  });
  elsewhere.firstElementChild.replaceChildren("Not saved yet: “", link, "” needs you.");
}

function showProgress() {
  let minutesLeft = 0;
  const asked = questions.filter((question) => isAsked(question.form));
  for (const link of links) {
    const own = asked.filter((question) => question.form.dataset.section === link.dataset.section);
    link.closest("li").hidden = own.length === 0;
    if (own.length === 0) continue;
    link.href = addressOf(own[0].key);
    const done = own.filter((question) => question.isDone).length;
    const later = own.filter((question) => question.isLater).length;
    const state = done === own.length ? "done" : done ? "half" : "open";
    minutesLeft += Number(link.dataset.minutes) * (1 - done / own.length);
    link.dataset.state = state;
    link.querySelector("[data-words]").textContent = ` (${{ done: "done", half: "begun", open: "open" }[state]})`;
    link.querySelector("[data-progress]").textContent = { done: "", half: `${done} of ${own.length}`, open: `${own.length}` }[state];
    link.querySelector("[data-later]").textContent = later ? `${later} to come back to` : "";
    link.toggleAttribute("data-trouble", own.some((question) => question.conflict || question.problem));
    if (own.some((question) => question.form === current)) link.setAttribute("aria-current", "step");
    else link.removeAttribute("aria-current");
  }
  const done = asked.filter((question) => question.isDone).length;
  find("[data-count]").textContent = `${done} of ${asked.length} questions`;
  Object.assign(find("[data-meter]"), { max: asked.length, value: done });
  const left = Math.round(minutesLeft);
  find(".rail-head [data-minutes]").textContent = left ? `about ${left} min left` : "";
  showTimes();
}

/* Time used and planned: of all, and of each section. */
function showTimes() {
  const place = find("[data-clock]");
  if (!place) return;
  let [all, planned] = [0, 0];
  for (const link of links) {
    const own = forms.filter((form) => form.dataset.section === link.dataset.section);
    const used = own.reduce((sum, form) => sum + Number(form.dataset.used) + clocked.secondsAt(form), 0);
    const plan = Number(link.dataset.minutes);
    all += used;
    if (!link.closest("li").hidden) planned += plan;
    const words = used >= 1 ? (plan ? `${minutes(used)} of ${plan} min` : minutes(used)) : plan ? `${plan} min planned` : "";
    if (link.querySelector("[data-time]").textContent !== words) link.querySelector("[data-time]").textContent = words;
  }
  place.hidden = false;
  const words = `${minutes(all)} used${planned ? ` of ${planned} min planned` : ""}${clocked.isStopped ? ", stopped" : ""}`;
  if (find("[data-clock-words]").textContent !== words) find("[data-clock-words]").textContent = words;
  find("[data-clock-switch]").textContent = clocked.isStopped ? "Let it go on" : "Stop the clock";
}

function addressOf(key) {
  return `${page.dataset.guideUrl}?q=${encodeURIComponent(key)}`;
}

/* What windows left at questions that this page does not have any more. */
function strangers() {
  return orphans.filter((entry) => !questionAt(entry.slot));
}

function entryOf(question) {
  const { slot, title, typedAt } = question;
  return { slot, title, typedAt, about: drafts.about, content: question.content() };
}

function nameOf({ window: of, slot, typedAt }) {
  return `${of}:${slot}:${typedAt}`;
}

function questionAt(slot) {
  return questions.find((question) => question.slot === slot);
}

function questionOf(form) {
  return questions.find((question) => question.form === form);
}

function keysSwitch() {
  return find("[data-keys-switch] input");
}

function remembers(name) {
  try {
    return localStorage.getItem(name) !== null;
  } catch {
    return false;
  }
}

function remember(name, isOn) {
  try {
    if (isOn) localStorage.setItem(name, "1");
    else localStorage.removeItem(name);
  } catch {
    // A browser that keeps nothing asks again next time.
  }
}
