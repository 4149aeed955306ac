using Interlook.Collections;
using Interlook.Engine;
using Interlook.Extensions;
using Interlook.Host.Configuration.Yaml;

namespace Interlook.Host.Configuration;

/// <summary>Reads workflows: a provider first, then provisioners, each with a section of its own.</summary>
/// <param name="names">Knows what a step's name means.</param>
/// <param name="sections">The extensions that have a section.</param>
/// <param name="problems">Takes what is wrong.</param>
internal sealed class WorkflowReader(StepNames names, IReadOnlySet<string> sections, ProblemList problems)
{
    /// <summary>Reads one workflow.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="path">The setting that holds it, for messages: <c>core.workflow</c>.</param>
    /// <param name="node">A text with commas, or a sequence.</param>
    /// <returns>Null when something is wrong with it, or nothing is written.</returns>
    internal Workflow? Read(string name, string path, YamlNode node)
    {
        if (Texts(path, node) is not { } texts)
            return null;
        var steps = new List<string>();
        var before = problems.Count;
        foreach (var (step, shown, place) in texts)
        {
            if (step.Length == 0)
                problems.Add(place, $"{path} has an empty step: remove a comma");
            else if (names.Find(step) is not { } extension)
                problems.Add(place, $"{path} names {SectionReader.Shown(shown)}, which is not an extension{(shown == step ? names.Suggest(step) : "")}");
            else
                Add(steps, extension, path, shown, place);
        }
        return problems.Count > before || steps.Count == 0 ? null : new Workflow(name, steps[0], steps.Skip(1).ToEquatableArray());
    }

    private void Add(List<string> steps, ExtensionDescriptor extension, string path, string step, Place place)
    {
        var called = step.Equals(extension.Name, StringComparison.OrdinalIgnoreCase) ? extension.Name : $"{step} ({extension.Name})";
        if (steps.Count == 0 && !extension.IsProvider)
            problems.Add(place, $"{path} must begin with a provider, not with {called}");
        if (steps.Contains(extension.Name))
            problems.Add(place, $"{path} names {called} twice");
        else if (steps.Count > 0 && extension.IsProvider)
            problems.Add(place, $"{path} names {called} behind {steps[0]}: a workflow has one provider, at its beginning; give this one a workflow of its own under workflows");
        if (!sections.Contains(extension.Name) && !steps.Contains(extension.Name))
            problems.Add(place, $"{path} names {called}, which is not configured: add the section {extension.Name}");
        steps.Add(extension.Name);
    }

    private List<(string Step, string Shown, Place Place)>? Texts(string path, YamlNode node)
    {
        var texts = new List<(string, string, Place)>();
        switch (node)
        {
            case YamlNode.Text { IsBroken: true }:
                return null;
            case YamlNode.Text { IsUnset: true }:
                problems.Add(node.Place, $"{path} is empty: name a provider and its steps");
                return null;
            case YamlNode.Text text:
                Split(text, texts);
                return texts;
            case YamlNode.Sequence { Items.Length: > 0 } sequence:
                foreach (var item in sequence.Items)
                {
                    if (item is YamlNode.Text { IsBroken: false } step)
                        Split(step, texts);
                    else if (item is not YamlNode.Text)
                        problems.Add(item.Place, $"{path} must hold names of steps, and one of the items is {item.Kind}");
                }
                return texts;
            case YamlNode.Sequence:
                problems.Add(node.Place, $"{path} is empty: name a provider and its steps");
                return null;
            default:
                problems.Add(node.Place, $"{path} must be names of steps, with commas between them or as a sequence, not {node.Kind}");
                return null;
        }
    }

    private static void Split(YamlNode.Text text, List<(string, string, Place)> steps)
    {
        var start = 0;
        foreach (var part in text.Value.Split(','))
        {
            steps.Add((part.Trim(), text.Shown(part.Trim()), text.At(start + part.Length - part.TrimStart().Length)));
            start += part.Length + 1;
        }
    }
}
