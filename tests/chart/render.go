// Renders a Helm chart as far as ours goes: Go templates, the functions of sprig, and of Helm's own include, required and toYaml. Helm itself
// is in no Debian suite.
//
//	render-chart CHART RELEASE NAMESPACE [VALUES_FILE...]
package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig"
	"gopkg.in/yaml.v3"
)

func main() {
	if len(os.Args) < 4 {
		fmt.Fprintln(os.Stderr, "usage: render-chart CHART RELEASE NAMESPACE [VALUES_FILE...]")
		os.Exit(2)
	}
	if err := render(os.Args[1], os.Args[2], os.Args[3], os.Args[4:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func render(folder, release, namespace string, valuesFiles []string) error {
	chart := map[string]any{}
	if err := read(filepath.Join(folder, "Chart.yaml"), chart); err != nil {
		return err
	}
	values := map[string]any{}
	for _, file := range append([]string{filepath.Join(folder, "values.yaml")}, valuesFiles...) {
		given := map[string]any{}
		if err := read(file, given); err != nil {
			return err
		}
		merge(values, given)
	}

	files, err := filepath.Glob(filepath.Join(folder, "templates", "*"))
	if err != nil {
		return err
	}
	sort.Strings(files)
	all := template.New("chart").Option("missingkey=zero")
	all.Funcs(sprig.TxtFuncMap()).Funcs(template.FuncMap{
		"include": func(name string, data any) (string, error) {
			var text bytes.Buffer
			err := all.ExecuteTemplate(&text, name, data)
			return text.String(), err
		},
		"required": func(message string, value any) (any, error) {
			if value == nil || value == "" {
				return nil, errors.New(message)
			}
			return value, nil
		},
		"toYaml": func(value any) (string, error) {
			var text bytes.Buffer
			encoder := yaml.NewEncoder(&text)
			encoder.SetIndent(2)
			err := encoder.Encode(value)
			return strings.TrimSuffix(text.String(), "\n"), err
		},
	})
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if _, err := all.New(file).Parse(string(text)); err != nil {
			return err
		}
	}

	// Helm writes the members of a chart with a capital letter.
	about := map[string]any{"Name": chart["name"], "Version": chart["version"], "AppVersion": chart["appVersion"]}
	data := map[string]any{
		"Values": values, "Chart": about,
		"Release": map[string]any{"Name": release, "Namespace": namespace, "Service": "Helm"},
	}
	for _, file := range files {
		if strings.HasPrefix(filepath.Base(file), "_") || filepath.Ext(file) != ".yaml" {
			continue
		}
		fmt.Printf("---\n# %s\n", filepath.Base(file))
		if err := all.ExecuteTemplate(os.Stdout, file, data); err != nil {
			return err
		}
		fmt.Println()
	}
	return nil
}

func read(file string, into map[string]any) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if err := yaml.Unmarshal(text, &into); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

// merge lays what is given over what is there: maps member by member, anything else whole; null takes a member away.
func merge(there, given map[string]any) {
	for name, value := range given {
		inner, isMap := value.(map[string]any)
		outer, wasMap := there[name].(map[string]any)
		switch {
		case value == nil:
			delete(there, name)
		case isMap && wasMap:
			merge(outer, inner)
		default:
			there[name] = value
		}
	}
}
