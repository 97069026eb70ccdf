// Lighthouse on one page, as a phone, with a visitor's cookies. Takes one JSON object on standard input:
// {url, cookies: [{name, value, url}], chromium, arguments}; prints the whole report. Who started this ends a browser that stays.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const tools = pathToFileURL(process.argv[2] + "/").href;
const { default: lighthouse } = await import(new URL("lighthouse/core/index.js", tools));
const { default: puppeteer } = await import(new URL("puppeteer-core/lib/puppeteer/puppeteer-core.js", tools));

const asked = JSON.parse(readFileSync(0, "utf8"));
const browser = await puppeteer.launch({ executablePath: asked.chromium, args: asked.arguments, headless: true });
try {
  const page = await browser.newPage();
  if (asked.cookies.length) await browser.setCookie(...asked.cookies);
  const { lhr } = await lighthouse(asked.url, { logLevel: "error", output: "json" }, undefined, page);
  process.stdout.write(JSON.stringify(lhr));
} finally {
  await browser.close();
}
