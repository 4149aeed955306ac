using System.Collections;
using System.Reflection;
using System.Text.RegularExpressions;
using Xunit;

namespace Interlook.Architecture.Tests;

/// <summary>Types: one a file, sealed, named for what they are, without shared mutable state.</summary>
public sealed partial class TypeTests
{
    [Fact]
    public void A_file_has_one_public_type_and_its_name()
    {
        var found = SourceFile.In(SourceFile.Product)
            .Select(file => (file.Path, Name: PlainName(file), Types: file.Types.Where(type => type.Access == "public").Select(type => type.Name).Distinct().ToList()))
            .Where(file => file.Types.Count > 1 || (file.Types.Count == 1 && file.Types[0] != file.Name))
            .Select(file => $"{file.Path} declares {string.Join(", ", file.Types)}");

        Violations.None(found);
    }

    [Fact]
    public void A_file_is_named_as_one_of_its_types()
    {
        var found = SourceFile.In(SourceFile.Product)
            .Where(file => file.Types.Any() && file.Types.All(type => type.Name != PlainName(file)))
            .Select(file => $"{file.Path} declares {string.Join(", ", file.Types.Select(type => type.Name))}");

        Violations.None(found);
    }

    [Fact]
    public void A_class_is_sealed_unless_another_derives_from_it()
    {
        var types = Product.All.SelectMany(Product.Types).ToList();
        var bases = types.Select(type => type.BaseType).OfType<Type>().Select(Open).ToHashSet();

        var found = types
            .Where(type => type is { IsClass: true, IsSealed: false, IsAbstract: false } && !bases.Contains(Open(type)))
            .Select(type => type.FullName);

        Violations.None(found);

        static Type Open(Type type) => type.IsGenericType ? type.GetGenericTypeDefinition() : type;
    }

    [Fact]
    public void A_name_says_what_a_thing_is()
    {
        var types = SourceFile.In(SourceFile.Everything)
            .SelectMany(file => file.Types.Select(type => (file.Path, type.Name)))
            .Where(type => EmptyWord().IsMatch(type.Name))
            .Select(type => $"{type.Path}: {type.Name}");
        var folders = SourceFile.In(SourceFile.Everything)
            .SelectMany(file => file.Folders)
            .Distinct()
            .Where(folder => EmptyWord().IsMatch(folder) || folder is "Interfaces" or "Models" or "Exceptions" or "Enums" or "Classes");

        Violations.None(types);
        Violations.None(folders);
    }

    [Fact]
    public void Records_of_the_contract_compare_by_content()
    {
        var found = Product.Abstractions.Types()
            .Where(Product.IsRecord)
            .SelectMany(type => type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly))
            .Where(property => ComparesByReference(property.PropertyType))
            .Select(property => $"{property.DeclaringType!.Name}.{property.Name} is {property.PropertyType.Name}: use EquatableArray");

        Violations.None(found);
    }

    [Fact]
    public void Static_state_does_not_change()
    {
        var found = Product.All.SelectMany(Product.Types)
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Where(field => !field.IsLiteral && (!field.IsInitOnly || IsMutable(field.FieldType)))
            .Select(field => $"{field.DeclaringType!.FullName}.{field.Name}");

        Violations.None(found);
    }

    private static string PlainName(SourceFile file) => file.Name.Split('.', '{')[0];

    private static bool ComparesByReference(Type type) =>
        type != typeof(string)
        && typeof(IEnumerable).IsAssignableFrom(type)
        && type != typeof(System.Net.IPAddress)
        && !(type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Collections.EquatableArray<>));

    // An array is taken for a constant table; what offers Add is not.
    private static bool IsMutable(Type type) =>
        type.IsGenericType
        && type.GetInterfaces().Any(each => each.IsGenericType && each.GetGenericTypeDefinition() == typeof(ICollection<>))
        && !type.FullName!.StartsWith("System.Collections.Immutable.", StringComparison.Ordinal)
        && !type.FullName.StartsWith("System.Collections.Frozen.", StringComparison.Ordinal)
        && !type.FullName.StartsWith("System.Collections.ObjectModel.ReadOnly", StringComparison.Ordinal);

    [GeneratedRegex("(?:Helpers?|Managers?|Utils?|Utilities|Common|Base|Impl|Info|Data)$")]
    private static partial Regex EmptyWord();
}
