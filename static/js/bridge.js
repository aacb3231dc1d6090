// <button data-bridge data-bridge-appid="…" …>: inside WeChat the payment opens over the page; afterwards the page asks
// the channel. Where she has just pressed to pay (data-bridge-opens) it opens by itself, once. A link in its place leads to
// what stands in for WeChat where there is none. Source: WeChat Pay APIv3, JSAPI, "getBrandWCPayRequest".
const NAMES = ["appId", "timeStamp", "nonceStr", "package", "signType", "paySign"];

function parametersOf(opener) {
  return Object.fromEntries(NAMES.map((name) => [name, opener.getAttribute(`data-bridge-${name.toLowerCase()}`)]));
}

function open(opener) {
  window.WeixinJSBridge.invoke("getBrandWCPayRequest", parametersOf(opener), () => {
    window.location.assign(opener.dataset.bridgeBack);
  });
}

function goOn(opener) {
  if (window.WeixinJSBridge) open(opener);
  else if (opener.href) window.location.assign(opener.href);
  else document.addEventListener("WeixinJSBridgeReady", () => open(opener), { once: true });
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-bridge]");
  if (!opener) return;
  event.preventDefault();
  goOn(opener);
});

const waiting = document.querySelector("[data-bridge-opens]");
if (waiting) {
  window.history.replaceState(null, "", window.location.pathname);
  goOn(waiting);
}
