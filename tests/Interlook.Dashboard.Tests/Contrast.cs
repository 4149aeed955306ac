using Microsoft.Playwright;

namespace Interlook.Dashboard.Tests;

/// <summary>Measures how texts stand out from what is behind them (WCAG 2.2, success criterion 1.4.3, level AA).</summary>
internal static class Contrast
{
    // Colours are read through a canvas, which makes any of their spellings three numbers.
    private const string Measure = """
        () => {
          const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
          const rgba = (colour) => {
            canvas.clearRect(0, 0, 1, 1);
            canvas.fillStyle = colour;
            canvas.fillRect(0, 0, 1, 1);
            const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
            return [r, g, b, a / 255];
          };
          const over = ([r, g, b, a], below) => [r, g, b].map((c, i) => c * a + below[i] * (1 - a));
          const ground = (element) => {
            if (!element) return rgba(getComputedStyle(document.body).backgroundColor).slice(0, 3);
            const own = rgba(getComputedStyle(element).backgroundColor);
            return own[3] === 1 ? own.slice(0, 3) : over(own, ground(element.parentElement));
          };
          const opacity = (element) => element ? Number(getComputedStyle(element).opacity) * opacity(element.parentElement) : 1;
          const luminance = (rgb) => rgb.map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
            .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
          const faint = new Set();
          const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (texts.nextNode()) {
            const text = texts.currentNode.textContent.trim();
            const element = texts.currentNode.parentElement;
            if (!text || !element.checkVisibility({ visibilityProperty: true }) || element.closest('.hidden, .skip, option, noscript')) continue;
            const behind = ground(element);
            const [r, g, b, a] = rgba(getComputedStyle(element).color);
            const front = over([r, g, b, a * opacity(element)], behind);
            const [light, dark] = [luminance(front), luminance(behind)].sort((x, y) => y - x);
            const ratio = (light + 0.05) / (dark + 0.05);
            if (ratio < 4.5) faint.add(`${ratio.toFixed(2)} ${element.className || element.tagName}: ${text.slice(0, 40)}`);
          }
          return [...faint];
        }
        """;

    /// <summary>The visible texts whose contrast is below 4.5 to 1, each with its ratio.</summary>
    public static Task<string[]> FaintTextsAsync(IPage page) => page.EvaluateAsync<string[]>(Measure);
}
