/**
 * What runs in the page for each viewer, as the text of a function `(root, layers, messages) → void`; `channel` is
 * the window property with the promise of NiiVue's exports. It starts when the viewer comes into sight. Browsers allow
 * about sixteen 3D contexts a page, so of more than eight viewers the one that started first goes back to its picture
 * until it is clicked. Kept as text because it is for browsers, whose types Node does not have.
 */
export function viewerScript(channel: string): string {
  return `(root, layers, messages) => {
  const part = (name) => root.querySelector('[data-part="' + name + '"]');
  const stage = part('stage'), still = part('still'), status = part('status'), tools = part('tools');
  const say = (text) => { status.textContent = text; };
  const live = window.${channel}Live || (window.${channel}Live = []);
  let nv = null, canvas = null, begun = false, listening = null;

  const inflate = async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).arrayBuffer();
  };
  const number = (value) => String(Number(value.toPrecision(4)));
  const images = [];
  const volumeOf = (i) => images[i];
  const fade = (i, opacity) => nv.setOpacity(nv.volumes.indexOf(images[i]), opacity);
  const asleep = (text) => {
    if (listening) listening.abort();
    if (nv) nv.cleanup();
    if (canvas) { const gl = canvas.getContext('webgl2'); const lose = gl && gl.getExtension('WEBGL_lose_context'); canvas.remove(); if (lose) lose.loseContext(); }
    nv = null; canvas = null; begun = false;
    const place = live.indexOf(asleep); if (place !== -1) live.splice(place, 1);
    still.style.display = ''; stage.style.display = 'none'; tools.style.display = 'none'; delete root.dataset.state;
    say(text);
  };
  const fail = (error) => asleep(messages.failed + ' ' + (error && error.message ? error.message : error));

  const wire = () => {
    const versions = layers.map((layer, i) => i).filter((i) => layers[i].role === 'version');
    let shown = 0;
    listening = new AbortController();
    const { signal } = listening;
    for (const select of tools.querySelectorAll('select')) select.selectedIndex = Array.from(select.options).findIndex((option) => option.defaultSelected);
    for (const input of tools.querySelectorAll('input')) { input.value = input.defaultValue; input.checked = input.defaultChecked; }
    const on = (name, event, act) => { const element = part(name); if (element) element.addEventListener(event, () => act(element), { signal }); };
    const showWindow = () => {
      part('low').value = number(volumeOf(shown).cal_min);
      part('high').value = number(volumeOf(shown).cal_max);
    };
    const setWindow = (low, high) => {
      if (!(high > low)) return;
      volumeOf(shown).cal_min = low; volumeOf(shown).cal_max = high; nv.updateGLVolume();
    };
    on('planes', 'change', (e) => { nv.setSliceType(Number(e.value)); });
    on('colors', 'change', (e) => { for (const i of versions) nv.setColormap(volumeOf(i).id, e.value); });
    for (const end of ['low', 'high']) on(end, 'change', () => setWindow(Number(part('low').value), Number(part('high').value)));
    on('reset', 'click', () => { setWindow(layers[shown].window[0], layers[shown].window[1]); showWindow(); });
    on('version', 'change', (e) => {
      shown = Number(e.value);
      // What lies at the bottom is opaque everywhere; anything else is transparent below its window.
      nv.moveVolumeToBottom(volumeOf(shown));
      for (const i of versions) fade(i, i === shown ? 1 : 0);
      showWindow();
    });
    layers.forEach((layer, i) => {
      if (layer.role === 'version') return;
      const set = () => fade(i, part('on-' + i).checked ? Number(part('fade-' + i).value) / 100 : 0);
      on('on-' + i, 'change', set);
      on('fade-' + i, 'input', set);
    });
    nv.onIntensityChange = showWindow;
    nv.onLocationChange = (place) => {
      const at = Array.from(place.mm).slice(0, 3).map((mm) => mm.toFixed(1)).join(', ');
      const values = layers.flatMap((layer, i) => {
        const found = place.values[nv.volumes.indexOf(volumeOf(i))];
        return layer.role === 'mask' || !found ? [] : [layer.name + ' ' + number(found.value)];
      });
      say('x, y, z = ' + at + ' mm · ' + values.join(' · '));
    };
    showWindow();
  };

  const start = async () => {
    const library = await window.${channel};
    const probe = document.createElement('canvas').getContext('webgl2');
    if (!probe) throw new Error(messages.webgl);
    const lose = probe.getExtension('WEBGL_lose_context'); if (lose) lose.loseContext();
    const files = await Promise.all(layers.map((layer) => inflate(layer.data)));
    if (live.length >= 8) live[0](messages.asleep);
    live.push(asleep);
    canvas = document.createElement('canvas');
    canvas.setAttribute('aria-label', messages.label); canvas.tabIndex = 0;
    stage.style.display = ''; still.style.display = 'none'; stage.append(canvas);
    say('starting …');
    nv = new library.Niivue({
      logLevel: 'silent', loadingText: '', dragAndDropEnabled: false, backColor: [0, 0, 0, 1],
      isRadiologicalConvention: false, sagittalNoseLeft: true, multiplanarShowRender: 1, multiplanarForceRender: true,
      show3Dcrosshair: true, showAllOrientationMarkers: true, crosshairWidth: 0.5, crosshairGap: 6, crosshairColor: [1, 0.75, 0.2, 0.8], fontColor: [1, 0.84, 0.35, 1], scrollRequiresFocus: true,
    });
    await nv.attachToCanvas(canvas);
    canvas.addEventListener('webglcontextlost', () => { if (nv) fail(new Error(messages.lost)); });
    for (const [i, layer] of layers.entries()) {
      images[i] = await nv.addVolumeFromUrl({
        url: 'layer-' + i + '.nii', name: 'layer-' + i + '.nii', buffer: files[i], colormap: layer.colors,
        cal_min: layer.window[0], cal_max: layer.window[1],
        opacity: layer.role === 'version' && i > 0 ? 0 : layer.opacity,
      });
    }
    wire();
    nv.setSliceType(3);
    tools.style.display = '';
    say('');
    root.dataset.state = 'live';
  };

  const begin = () => {
    if (begun || !window.${channel}) return;
    begun = true;
    // One after the other: one that is still starting cannot be put to sleep.
    window.${channel}Queue = (window.${channel}Queue || Promise.resolve()).then(start).catch(fail);
  };
  const wake = () => {
    if (typeof IntersectionObserver === 'undefined') return begin();
    new IntersectionObserver((entries, observer) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      begin();
    }).observe(root);
  };
  still.addEventListener('click', begin);
  if (window.${channel}) wake(); else window.addEventListener('${channel}', wake, { once: true });
  setTimeout(() => { if (!window.${channel}) say(messages.absent); }, 15000);
}`;
}
