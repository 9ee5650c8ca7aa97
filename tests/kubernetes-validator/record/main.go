// Record writes every object that Kubernetes' own validation tests try, as JSON lines for the tests of this project.
//
// It compiles the packages of validation with a hook in them, from the module cache, by an overlay: their tests run as
// they are, and what is given to a function of validation is written down. Nothing of Kubernetes' code is kept.
//
//	record FILE
package main

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// hook is the file that is added to the package of core's validation.
//
//go:embed hook.go.txt
var hook string

// hookOfApps is the file that is added to the package of apps' validation.
//
//go:embed hook_apps.go.txt
var hookOfApps string

// calls are the functions of validation and what is recorded of their arguments.
var calls = map[string]string{
	"ValidatePodSpec":                                   "recordPod(podMeta, *spec)",
	"ValidatePodTemplateSpec":                           "recordPod(&spec.ObjectMeta, spec.Spec)",
	"validatePodMetadataAndSpec":                        "recordPod(&pod.ObjectMeta, pod.Spec)",
	"ValidatePodSpecificAnnotations":                    "recordPod(&metav1.ObjectMeta{Annotations: annotations}, *spec)",
	"ValidateSeccompPodAnnotations":                     "recordPod(&metav1.ObjectMeta{Annotations: annotations}, core.PodSpec{})",
	"ValidateAppArmorPodAnnotations":                    "recordPod(&metav1.ObjectMeta{Annotations: annotations}, *spec)",
	"validateSeccompAnnotationsAndFields":               "recordPod(&objectMeta, *podSpec)",
	"validateAppArmorAnnotationsAndFieldsMatchOnCreate": "recordPod(&objectMeta, *podSpec)",
	"ValidateVolumes":                                   "recordPod(podMeta, core.PodSpec{Volumes: volumes})",
	"validateVolumeSource":                              "recordPod(podMeta, core.PodSpec{Volumes: []core.Volume{{Name: volName, VolumeSource: *source}}})",
	"validateContainers":                                "recordPod(nil, core.PodSpec{Containers: containers, Volumes: recordedVolumes(volumes)})",
	"validateInitContainers":                            "recordPod(nil, core.PodSpec{InitContainers: containers, Containers: regularContainers, Volumes: recordedVolumes(volumes)})",
	"ValidateEnv":                                       "recordContainer(core.Container{Env: vars})",
	"ValidateEnvFrom":                                   "recordContainer(core.Container{EnvFrom: vars})",
	"ValidateVolumeMounts":                              "recordMounts(container, core.Container{VolumeMounts: mounts}, volumes)",
	"ValidateVolumeDevices":                             "recordMounts(nil, core.Container{VolumeDevices: devices}, volumes)",
	"validateContainerPorts":                            "recordContainer(core.Container{Ports: ports})",
	"validateLivenessProbe":                             "recordContainer(core.Container{LivenessProbe: probe})",
	"validateReadinessProbe":                            "recordContainer(core.Container{ReadinessProbe: probe})",
	"validateStartupProbe":                              "recordContainer(core.Container{StartupProbe: probe})",
	"validateProbe":                                     "recordContainer(core.Container{LivenessProbe: probe}, core.Container{ReadinessProbe: probe})",
	"validateHandler":                                   "recordHandler(handler)",
	"validateLifecycle":                                 "recordContainer(core.Container{Lifecycle: lifecycle})",
	"validateResizePolicy":                              "recordContainer(core.Container{ResizePolicy: policyList})",
	"validateContainerRestartPolicy":                    "recordContainer(core.Container{RestartPolicy: policy, RestartPolicyRules: rules})",
	"ValidateSecurityContext":                           "recordContainer(core.Container{SecurityContext: sc})",
	"ValidateContainerResourceRequirements":             "recordContainer(core.Container{Resources: *requirements})",
	"validatePodResourceRequirements":                   "recordPod(nil, core.PodSpec{Resources: requirements})",
	"validatePodSpecSecurityContext":                    "recordPod(nil, core.PodSpec{SecurityContext: securityContext})",
	"validateSysctls":                                   "recordPod(nil, core.PodSpec{SecurityContext: securityContext})",
	"ValidateTolerations":                               "recordPod(nil, core.PodSpec{Tolerations: tolerations})",
	"validateAffinity":                                  "recordPod(nil, core.PodSpec{Affinity: affinity})",
	"ValidateHostAliases":                               "recordPod(nil, core.PodSpec{HostAliases: hostAliases})",
	"validateTopologySpreadConstraints":                 "recordPod(nil, core.PodSpec{TopologySpreadConstraints: constraints})",
	"validateReadinessGates":                            "recordPod(nil, core.PodSpec{ReadinessGates: readinessGates})",
	"validateSchedulingGates":                           "recordPod(nil, core.PodSpec{SchedulingGates: schedulingGates})",
	"validatePodResourceClaims":                         "recordPod(podMeta, core.PodSpec{ResourceClaims: claims})",
	"validateOverhead":                                  "recordPod(nil, core.PodSpec{Overhead: overhead})",
	"validatePodDNSConfig":                              "recordDNS(dnsConfig, dnsPolicy)",
	"validatePodResources":                              "recordPod(nil, *spec)",
	"validatePodResourceConsistency":                    "recordPod(nil, *spec)",
	"validateLinux":                                     "recordPod(nil, *spec)",
	"validateWindows":                                   "recordPod(nil, *spec)",
	"validateOS":                                        "recordPod(nil, *podSpec)",
	"validateWindowsHostProcessPod":                     "recordPod(nil, *podSpec)",
	"validateHostUsers":                                 "recordPod(nil, *spec)",
	"validatePodHostName":                               "recordPod(nil, *spec)",
	"validateFileKeyRefVolumes":                         "recordPod(nil, *spec)",
	"validatePodHostNetworkDeps":                        "recordPod(nil, *spec)",
	"ValidateConfigMap":                                 "recordConfigMap(cfg)",
}

// callsOfApps are those of the package that validates Deployments.
var callsOfApps = map[string]string{
	"ValidateDeployment": "recordDeployment(obj)",
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "record:", err)
		os.Exit(1)
	}
}

func run() error {
	if len(os.Args) != 2 {
		return fmt.Errorf("expected the name of the file to write")
	}
	file, err := filepath.Abs(os.Args[1])
	if err != nil {
		return err
	}
	if err := os.RemoveAll(file); err != nil {
		return err
	}

	work, err := os.MkdirTemp("", "record")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	module, modfile, err := linked(work)
	if err != nil {
		return err
	}
	packages := filepath.Join(module, "pkg/apis")

	overlay := map[string]string{}
	for _, hooked := range []struct {
		name, hook string
		calls      map[string]string
	}{{"core", hook, calls}, {"apps", hookOfApps, callsOfApps}} {
		folder := filepath.Join(packages, hooked.name, "validation")
		source, err := os.ReadFile(filepath.Join(folder, "validation.go"))
		if err != nil {
			return err
		}
		text, err := withCalls(string(source), hooked.calls)
		if err != nil {
			return err
		}
		for name, text := range map[string]string{"validation.go": text, "record_hook.go": hooked.hook} {
			copied := filepath.Join(work, hooked.name+"_"+name)
			if err := os.WriteFile(copied, []byte(text), 0o600); err != nil {
				return err
			}
			overlay[filepath.Join(folder, name)] = copied
		}
	}
	replacements, err := json.Marshal(map[string]any{"Replace": overlay})
	if err != nil {
		return err
	}
	overlayFile := filepath.Join(work, "overlay.json")
	if err := os.WriteFile(overlayFile, replacements, 0o600); err != nil {
		return err
	}

	test := exec.Command("go", "test", "-count=1", "-p=1", "-vet=off", "-modfile="+modfile, "-overlay="+overlayFile,
		"k8s.io/kubernetes/pkg/apis/core/validation", "k8s.io/kubernetes/pkg/apis/apps/validation")
	test.Env = append(os.Environ(), "RECORD="+file)
	test.Stdout, test.Stderr = os.Stderr, os.Stderr
	return test.Run()
}

// linked makes a folder of links to the module in the cache, in which an overlay may replace files, and a go.mod that
// names it.
func linked(work string) (module, modfile string, err error) {
	cached, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "k8s.io/kubernetes").Output()
	if err != nil {
		return "", "", fmt.Errorf("go list: %w", err)
	}
	original := strings.TrimSpace(string(cached))
	entries, err := os.ReadDir(original)
	if err != nil {
		return "", "", err
	}
	module = filepath.Join(work, "kubernetes")
	if err := os.Mkdir(module, 0o700); err != nil {
		return "", "", err
	}
	for _, entry := range entries {
		if err := os.Symlink(filepath.Join(original, entry.Name()), filepath.Join(module, entry.Name())); err != nil {
			return "", "", err
		}
	}

	for _, name := range []string{"go.mod", "go.sum"} {
		text, err := os.ReadFile(name)
		if err != nil {
			return "", "", err
		}
		if err := os.WriteFile(filepath.Join(work, name), text, 0o600); err != nil {
			return "", "", err
		}
	}
	modfile = filepath.Join(work, "go.mod")
	replace := exec.Command("go", "mod", "edit", "-replace=k8s.io/kubernetes="+module, modfile)
	replace.Stderr = os.Stderr
	return module, modfile, replace.Run()
}

// withCalls inserts a statement at the start of each function.
func withCalls(source string, calls map[string]string) (string, error) {
	for name, call := range calls {
		start := regexp.MustCompile(`(?m)^func ` + name + `\((?:.|\n)*?\{\n`)
		if len(start.FindAllString(source, -1)) != 1 {
			return "", fmt.Errorf("no one function %s", name)
		}
		source = start.ReplaceAllStringFunc(source, func(start string) string { return start + "\t" + call + "\n" })
	}
	return source, nil
}
