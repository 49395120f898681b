// The first script of the page. An embed (?embed) runs in a frame of opaque origin, which may load a module only if
// the server sends a CORS header; it gets one classic script. Everyone else gets the app, in modules.
{
  const { app, embed } = document.currentScript.dataset;
  const isEmbed = new URLSearchParams(location.search).has('embed');
  const add = (element) => document.head.append(element);

  // A host may demand that addresses of scripts are vouched for; this one is the page's own.
  const types = globalThis.trustedTypes?.createPolicy('delivery-lab-boot', { createScriptURL: (url) => url });
  const script = document.createElement('script');
  if (!isEmbed) script.type = 'module';
  const address = isEmbed ? embed : app;
  script.src = types === undefined ? address : types.createScriptURL(address);
  add(script);

  if (isEmbed) {
    const style = document.createElement('link');
    style.rel = 'stylesheet';
    style.href = embed.replace(/js$/, 'css');
    add(style);
  }
}
