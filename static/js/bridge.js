// <button data-bridge data-bridge-appid="…" …>: inside WeChat the payment opens over the page; afterwards the page asks
// the channel. Source: WeChat Pay APIv3, JSAPI, "getBrandWCPayRequest".
const NAMES = ["appId", "timeStamp", "nonceStr", "package", "signType", "paySign"];

function parametersOf(button) {
  return Object.fromEntries(NAMES.map((name) => [name, button.getAttribute(`data-bridge-${name.toLowerCase()}`)]));
}

function open(button) {
  window.WeixinJSBridge.invoke("getBrandWCPayRequest", parametersOf(button), () => {
    window.location.assign(button.dataset.bridgeBack);
  });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-bridge]");
  if (!button) return;
  if (window.WeixinJSBridge) open(button);
  else document.addEventListener("WeixinJSBridgeReady", () => open(button), { once: true });
});
