package main

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// A record is what the cluster knows of an instance: the content of its file. The password is not in it.
type record struct {
	Name       string      `json:"name"`
	Image      string      `json:"image"`
	Cpus       int64       `json:"cpus"`
	IPAddress  string      `json:"ip_address"`
	Automation *automation `json:"automation,omitempty"`
	Monitoring *monitoring `json:"monitoring,omitempty"`
}

type automation struct {
	Groups    []string          `json:"groups" tfsdk:"groups"`
	Variables map[string]string `json:"variables" tfsdk:"variables"`
}

type monitoring struct {
	Exporters []exporter        `json:"exporters" tfsdk:"exporters"`
	Labels    map[string]string `json:"labels" tfsdk:"labels"`
}

type exporter struct {
	Port        int64             `json:"port" tfsdk:"port"`
	Job         string            `json:"job" tfsdk:"job"`
	Labels      map[string]string `json:"labels" tfsdk:"labels"`
	Scheme      *string           `json:"scheme" tfsdk:"scheme"`
	MetricsPath *string           `json:"metrics_path" tfsdk:"metrics_path"`
}

// A depot is the cluster: NAME.json for each instance, and a journal with a line for each thing that was done to one,
// by which a test proves that nothing was done twice.
type depot struct {
	directory string
}

var errExists = errors.New("an instance of this name exists already")

func (d *depot) file(name string) string { return filepath.Join(d.directory, name+".json") }

// create fails when the instance is there: two applies of one plan cannot both succeed.
func (d *depot) create(instance record) error {
	if err := os.MkdirAll(d.directory, 0o755); err != nil {
		return err
	}
	file, err := os.OpenFile(d.file(instance.Name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return errExists
	}
	if err != nil {
		return err
	}
	file.Close()
	if err := d.write(instance); err != nil {
		return err
	}
	return d.note("create", instance.Name)
}

// read returns nil when there is no such instance.
func (d *depot) read(name string) (*record, error) {
	text, err := os.ReadFile(d.file(name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var instance record
	if err := json.Unmarshal(text, &instance); err != nil {
		return nil, fmt.Errorf("%s: %w", d.file(name), err)
	}
	return &instance, nil
}

func (d *depot) update(instance record) error {
	if err := d.write(instance); err != nil {
		return err
	}
	return d.note("update", instance.Name)
}

// remove is content when the instance is gone already.
func (d *depot) remove(name string) error {
	err := os.Remove(d.file(name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return d.note("delete", name)
}

// write replaces the file at once: who reads it meanwhile sees the old or the new one.
func (d *depot) write(instance record) error {
	text, err := json.MarshalIndent(instance, "", "  ")
	if err != nil {
		return err
	}
	next := d.file(instance.Name) + ".next"
	if err := os.WriteFile(next, append(text, '\n'), 0o644); err != nil {
		return err
	}
	return os.Rename(next, d.file(instance.Name))
}

func (d *depot) note(what, name string) error {
	journal, err := os.OpenFile(filepath.Join(d.directory, "journal"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer journal.Close()
	_, err = fmt.Fprintf(journal, "%s %s\n", what, name)
	return err
}

// address is a function of the name alone, so that a test can say beforehand which one it will be.
func address(name string) string {
	sum := sha256.Sum256([]byte(name))
	return fmt.Sprintf("10.%d.%d.%d", sum[0], sum[1], 1+int(sum[2])%254)
}
