/** The Chromium that tests run in; WebGL 2 and WebGPU are in software where there is no GPU. `CHROMIUM` says where there is another. */
export const launchOptions = {
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--enable-unsafe-webgpu', '--enable-features=Vulkan', '--use-webgpu-adapter=swiftshader'],
};
