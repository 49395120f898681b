// The first script of the page. An embed (?embed) runs in a frame of opaque origin, which may load a module only if
// the server sends a CORS header; it gets one classic script. Everyone else gets the app, in modules.
{
  const { app, embed } = document.currentScript.dataset;
  const script = document.createElement('script');
  if (new URLSearchParams(location.search).has('embed')) {
    script.src = embed;
  } else {
    script.type = 'module';
    script.src = app;
  }
  document.head.append(script);
}
